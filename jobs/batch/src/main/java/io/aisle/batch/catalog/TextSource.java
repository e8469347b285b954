package io.aisle.batch.catalog;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.catalog.RecordCutter.CutRecord;
import io.aisle.core.product.Taxonomy;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Catalogs of JSON and CSV. Each file is streamed; a task holds one record. */
final class TextSource implements CatalogSource {
    private static final int FIRST_RECORDS = 100;

    private final SparkSession spark;
    private final InputFiles files;
    private final CatalogSettings settings;
    private final TextRecipe recipe;
    private final Taxonomy taxonomy;

    /** @param taxonomy null where records name whole paths */
    TextSource(SparkSession spark, InputFiles files, CatalogSettings settings, TextRecipe recipe, Taxonomy taxonomy) {
        this.spark = spark;
        this.files = files;
        this.settings = settings;
        this.recipe = recipe;
        this.taxonomy = taxonomy;
    }

    @Override
    public Dataset<Row> rows() {
        List<List<FileSlice>> tasks = files.tasks(settings.format().isJson());
        if (tasks.isEmpty()) {
            return spark.createDataFrame(List.of(), Catalog.SCHEMA);
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<Shared> shared = context.broadcast(new Shared(
                settings,
                recipe,
                taxonomy,
                new SerializableConfiguration(spark.sessionState().newHadoopConf())));
        FlatMapFunction<Iterator<List<FileSlice>>, Row> read =
                partition -> shared.value().rows(partition);
        return spark.createDataFrame(context.parallelize(tasks, tasks.size()).mapPartitions(read), Catalog.SCHEMA);
    }

    /** What every task needs. */
    private record Shared(
            CatalogSettings settings, TextRecipe recipe, Taxonomy taxonomy, SerializableConfiguration configuration)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        Iterator<Row> rows(Iterator<List<FileSlice>> tasks) {
            List<FileSlice> slices = new ArrayList<>();
            tasks.forEachRemaining(slices::addAll);
            return new SliceRows(
                    slices.iterator(),
                    settings,
                    new CatalogRows(settings, recipe, taxonomy, false),
                    configuration.value());
        }
    }

    @Override
    public Collection<String> fieldNames() {
        return firstRecords(spark, files, settings).names();
    }

    /**
     * What the first records of a catalog look like.
     *
     * @param names of their fields; none where no record can be read
     */
    record FirstRecords(int records, TreeSet<String> names) {}

    /** Reads the first records, on the driver. */
    static FirstRecords firstRecords(SparkSession spark, InputFiles files, CatalogSettings settings) {
        Configuration configuration = spark.sessionState().newHadoopConf();
        TreeSet<String> names = new TreeSet<>();
        int records = 0;
        for (String uri : files.uris()) {
            try (RecordCutter cutter = FileSlice.whole(uri).open(settings, configuration)) {
                if (cutter instanceof CsvCutter csv) {
                    names.addAll(csv.header());
                }
                CutRecord record = records < FIRST_RECORDS ? cutter.next() : null;
                while (record != null) {
                    names.addAll(JsonRecords.fieldNames(record));
                    records++;
                    record = records < FIRST_RECORDS ? cutter.next() : null;
                }
            } catch (IOException e) {
                if (!settings.skipsCorruptFiles()) {
                    throw SliceRows.unreadable(uri, e);
                }
            }
            if (records >= FIRST_RECORDS) {
                break;
            }
        }
        return new FirstRecords(records, names);
    }

    @Override
    public Map<String, Long> corruptFiles(Dataset<Row> read) {
        Map<String, Long> corrupt = new TreeMap<>();
        if (settings.skipsCorruptFiles()) {
            for (Row row : read.filter(col("reason").equalTo(Catalog.CORRUPT_FILE))
                    .select("source_file", "detail")
                    .collectAsList()) {
                corrupt.put(row.getString(0), Long.parseLong(row.getString(1)));
            }
        }
        return corrupt;
    }
}
