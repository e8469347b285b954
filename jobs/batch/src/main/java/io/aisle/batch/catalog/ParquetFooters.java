package io.aisle.batch.catalog;

import io.aisle.batch.storage.Directory;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** What the ends of Parquet files say: how many rows they hold, and of which columns. */
final class ParquetFooters {
    private static final int FILES_PER_TASK = 16;

    private final Optional<String> directory;
    private final List<Footer> whole = new ArrayList<>();
    private final List<Footer> broken = new ArrayList<>();

    /**
     * The footer of one file.
     *
     * @param columns type by name of the outermost columns
     * @param problem null where it could be read
     */
    record Footer(String uri, long rows, TreeMap<String, String> columns, String problem) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private ParquetFooters(Optional<String> directory) {
        this.directory = directory;
    }

    /** Reads the footers of all files, in tasks. Fails on a file without one, unless corrupt files are to be skipped. */
    static ParquetFooters read(SparkSession spark, InputFiles files, CatalogSettings settings) {
        String place = Directory.of(spark, settings.input()).uri();
        boolean isDirectory = files.uris().stream().allMatch(uri -> uri.startsWith(place + "/"));
        ParquetFooters footers = new ParquetFooters(isDirectory ? Optional.of(place) : Optional.empty());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> configuration = context.broadcast(
                new SerializableConfiguration(spark.sessionState().newHadoopConf()));
        int tasks = Math.max(1, files.uris().size() / FILES_PER_TASK);
        context.parallelize(files.uris(), tasks)
                .map(uri -> footer(uri, configuration.value().value()))
                .collect()
                .forEach(footer -> (footer.problem() == null ? footers.whole : footers.broken).add(footer));
        if (!footers.broken.isEmpty() && !settings.skipsCorruptFiles()) {
            Footer first = footers.broken.get(0);
            throw SliceRows.unreadable(first.uri(), new IOException(first.problem()));
        }
        return footers;
    }

    private static Footer footer(String uri, Configuration configuration) {
        TreeMap<String, String> columns = new TreeMap<>();
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(new Path(uri), configuration))) {
            reader.getFileMetaData()
                    .getSchema()
                    .getFields()
                    .forEach(field -> columns.put(field.getName(), field.toString()));
            return new Footer(uri, reader.getRecordCount(), columns, null);
        } catch (RuntimeException e) {
            return new Footer(uri, 0, columns, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            if (!isCorruption(e)) {
                // the way to the file, which another attempt of the task may find open
                throw SliceRows.unreadable(uri, e);
            }
            return new Footer(uri, 0, columns, e.getMessage());
        }
    }

    /** Parquet throws IOExceptions too where what it has read of a footer is no metadata. */
    private static boolean isCorruption(IOException e) {
        return e.getCause() != null && e.getCause().getClass().getName().contains(".thrift.");
    }

    /** The directory that all files lie below, so that the names of directories between may give columns. */
    Optional<String> directory() {
        return directory;
    }

    List<Footer> whole() {
        return whole;
    }

    List<Footer> broken() {
        return broken;
    }

    /** Whether every file has all of the columns. */
    boolean allHave(List<String> columns) {
        return whole.stream().allMatch(footer -> footer.columns().keySet().containsAll(columns));
    }

    /** Whole files, those together that agree on the columns given. */
    Map<String, List<Footer>> byColumns(Set<String> columns) {
        Map<String, List<Footer>> groups = new TreeMap<>();
        for (Footer footer : whole) {
            TreeMap<String, String> shared = new TreeMap<>(footer.columns());
            shared.keySet().retainAll(columns);
            groups.computeIfAbsent(shared.toString(), none -> new ArrayList<>()).add(footer);
        }
        return groups;
    }
}
