package io.aisle.batch.catalog;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.catalog.ParquetFooters.Footer;
import io.aisle.batch.catalog.RecordCutter.CutRecord;
import io.aisle.core.UserException;
import io.aisle.core.product.Taxonomy;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Catalogs of Parquet. Files whose columns are alike are read together, so that they need not agree on a schema. */
final class ParquetSource implements CatalogSource {
    private static final String FILE = "aisle source file";

    private final SparkSession spark;
    private final ParquetFooters footers;
    private final CatalogSettings settings;
    private final TextRecipe recipe;
    private final Taxonomy taxonomy;
    private final TreeSet<String> names = new TreeSet<>();

    /** @param taxonomy null where records name whole paths */
    ParquetSource(
            SparkSession spark,
            ParquetFooters footers,
            CatalogSettings settings,
            TextRecipe recipe,
            Taxonomy taxonomy) {
        this.spark = spark;
        this.footers = footers;
        this.settings = settings;
        this.recipe = recipe;
        this.taxonomy = taxonomy;
    }

    @Override
    public Dataset<Row> rows() {
        Dataset<Row> rows = spark.createDataFrame(List.of(), Catalog.SCHEMA);
        for (List<Footer> alike : footers.byColumns(roots()).values()) {
            rows = rows.union(rows(alike.stream().map(Footer::uri).toList()));
        }
        return rows;
    }

    /** The outermost columns that may hold what is to be read: of a.b these are a.b, should there be one of that name, and a. */
    private Set<String> roots() {
        Set<String> roots = new TreeSet<>(settings.allColumns());
        for (String column : settings.allColumns()) {
            for (int dot = column.indexOf('.'); dot > 0; dot = column.indexOf('.', dot + 1)) {
                roots.add(column.substring(0, dot));
            }
        }
        return roots;
    }

    private Dataset<Row> rows(List<String> uris) {
        DataFrameReader reader = spark.read()
                .option("ignoreCorruptFiles", Boolean.toString(settings.skipsCorruptFiles()))
                // else a flipped bit may pass for another text
                .option("parquet.page.verify-checksum.enabled", "true");
        footers.directory().ifPresent(directory -> reader.option("basePath", directory));
        Dataset<Row> files = open(reader, uris);
        Set<String> roots = roots();
        List<Column> columns = new ArrayList<>();
        for (StructField field : files.schema().fields()) {
            names.add(field.name());
            if (field.dataType() instanceof StructType struct) {
                for (String inner : struct.fieldNames()) {
                    names.add(field.name() + "." + inner);
                }
            }
            if (roots.contains(field.name())) {
                columns.add(col("`" + field.name().replace("`", "``") + "`"));
            }
        }
        columns.add(col("_metadata.file_path").as(FILE));
        Broadcast<Shared> shared = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new Shared(settings, recipe, taxonomy));
        MapPartitionsFunction<Row, Row> read = partition -> shared.value().rows(partition);
        return files.select(columns.toArray(Column[]::new)).mapPartitions(read, Encoders.row(Catalog.SCHEMA));
    }

    private Dataset<Row> open(DataFrameReader reader, List<String> uris) {
        try {
            return reader.parquet(
                    uris.stream().map(ParquetSource::withoutPattern).toArray(String[]::new));
        } catch (AssertionError e) {
            throw new UserException(
                    "Cannot read " + settings.input()
                            + ": found directories of which only some give a column (name=value), expected all or none to. Name"
                            + " those that belong together as --input.",
                    e);
        } catch (Exception e) {
            // Spark throws checked exceptions from methods that do not declare them
            if (e instanceof AnalysisException) {
                throw new UserException("Cannot read " + settings.input() + ": " + e.getMessage(), e);
            }
            throw e;
        }
    }

    /** Spark reads a path as a pattern. */
    private static String withoutPattern(String uri) {
        return uri.replaceAll("([\\\\*?\\[\\]{},^])", "\\\\$1");
    }

    /** What every task needs. */
    private record Shared(CatalogSettings settings, TextRecipe recipe, Taxonomy taxonomy) implements Serializable {
        private static final long serialVersionUID = 1L;

        Iterator<Row> rows(Iterator<Row> records) {
            return new ParquetRows(records, new CatalogRows(settings, recipe, taxonomy, settings.skipsCorruptFiles()));
        }
    }

    private static final class ParquetRows implements Iterator<Row> {
        private final Iterator<Row> records;
        private final CatalogRows rows;
        private String encodedFile = "";
        private String file = "";

        ParquetRows(Iterator<Row> records, CatalogRows rows) {
            this.records = records;
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            try {
                return records.hasNext();
            } catch (Exception e) {
                // Spark throws checked exceptions from methods that do not declare them
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                    if (cause instanceof UserException known) {
                        throw known;
                    }
                }
                String encoded = InputFileBlockHolder.getInputFilePath().toString();
                throw SliceRows.unreadable(
                        decoded(encoded), new IOException(innermost(e).getMessage(), e));
            }
        }

        private static String decoded(String encoded) {
            return new Path(URI.create(encoded)).toString();
        }

        private static Throwable innermost(Throwable e) {
            return e.getCause() == null ? e : innermost(e.getCause());
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row record = records.next();
            String encoded = record.getString(record.size() - 1);
            if (!encoded.equals(encodedFile)) {
                encodedFile = encoded;
                file = decoded(encoded);
            }
            return rows.row(CutRecord.fields(null, RowJson.object(record, record.size() - 1)), file);
        }
    }

    @Override
    public Collection<String> fieldNames() {
        return names;
    }

    /** Files without a footer, and those that gave fewer rows than theirs counts. */
    @Override
    public Map<String, Long> corruptFiles(Dataset<Row> read) {
        Map<String, Long> corrupt = new TreeMap<>();
        if (!settings.skipsCorruptFiles()) {
            return corrupt;
        }
        Map<String, Long> counted = new TreeMap<>();
        for (Row row : read.groupBy("source_file").count().collectAsList()) {
            counted.put(row.getString(0), row.getLong(1));
        }
        footers.broken().forEach(footer -> corrupt.put(footer.uri(), 0L));
        for (Footer footer : footers.whole()) {
            long rows = counted.getOrDefault(footer.uri(), 0L);
            if (rows < footer.rows()) {
                corrupt.put(footer.uri(), rows);
            }
        }
        return corrupt;
    }
}
