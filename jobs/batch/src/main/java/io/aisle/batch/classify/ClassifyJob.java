package io.aisle.batch.classify;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.TextTable;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogReader;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.RunDirectory;
import io.aisle.core.model.Decision;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.settings.Settings;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * A whole catalog to predictions.
 *
 * <p>Reads a catalog and a bundle. Writes {@code <output>/runs/<run-id>/} with predictions and quarantine and duplicates as Parquet,
 * review as gzipped JSON lines, metrics as Parquet and JSON, and the manifest; reads them back, checks that no row was lost, and only
 * then swaps {@code <output>/CURRENT}. Refuses where another run published meanwhile. A run id that is published already does nothing.
 *
 * <p>One shuffle by id to keep one row an id, and one to spread the rows over the cores.
 */
public final class ClassifyJob implements Job {
    public static final Command COMMAND = new Command(
            "classify",
            "Scores a whole catalog and publishes the predictions as a run.",
            ClassifySettings.OPTIONS,
            settings -> new ClassifyJob(ClassifySettings.read(settings)));

    private static final DateTimeFormatter RUN_ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int ROWS_PER_TASK = 10_000;
    private static final int EXAMPLES = 5;
    private static final int EXAMPLE_TITLE = 48;

    private final ClassifySettings settings;

    private ClassifyJob(ClassifySettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "open and verify the model bundle " + settings.model(),
                "read " + settings.catalog().input() + " and quarantine what cannot be used",
                "score one row an id with the engine " + Settings.choiceName(settings.engine()),
                "write a run below " + settings.output() + "/runs, check it, and swap " + settings.output()
                        + "/CURRENT");
    }

    @Override
    public void run(JobContext context) {
        String runId = settings.runId().isEmpty() ? RUN_ID.format(Instant.now()) : settings.runId();
        RunDirectory run = RunDirectory.of(context.spark(), settings.output(), runId);
        if (run.isPublished()) {
            context.say("run %s is published already: %s", runId, run.uri());
            return;
        }
        ModelBundle bundle = ModelBundle.open(
                Directory.of(context.spark(), settings.model()).local("Copy the bundle to a local disk first."));
        Scoring scoring = Scoring.open(context.spark(), bundle, settings.engine());
        if (run.start()) {
            context.say("removed what an unfinished run %s had left", runId);
        }
        long startNanos = System.nanoTime();
        context.step("classify: read and clean");
        try (Catalog catalog = new CatalogReader(context.spark(), bundle.recipe()).read(settings.catalog())) {
            context.say("read %,d records, %,d quarantined", catalog.rowsIn(), catalog.quarantined());
            // on disk until all is written: the text goes to the review, and the network runs once
            Dataset<Row> predicted =
                    predicted(context, run, bundle, scoring, catalog).persist(StorageLevel.DISK_ONLY());
            try {
                write(context, run, catalog, predicted);
                publish(context, run, bundle, catalog, predicted, startNanos);
            } finally {
                predicted.unpersist(false);
            }
        }
    }

    private Dataset<Row> predicted(
            JobContext context, RunDirectory run, ModelBundle bundle, Scoring scoring, Catalog catalog) {
        long usable = catalog.rowsIn() - catalog.quarantined();
        int tasks = (int) Math.max(context.spark().sparkContext().defaultParallelism(), usable / ROWS_PER_TASK);
        Dataset<Row> products = catalog.products().drop("label").repartition(tasks, col("id"));
        return new Predictions(
                        bundle.labels(),
                        bundle.manifest().acceptThreshold(),
                        settings.top(),
                        bundle.version(),
                        run.runId())
                .of(scoring.withProbabilities(products));
    }

    private static void write(JobContext context, RunDirectory run, Catalog catalog, Dataset<Row> predicted) {
        context.step("classify: score and write");
        Predictions.withoutText(predicted).write().parquet(run.child("predictions"));

        context.step("classify: write review and quarantine");
        predicted
                .filter(col("decision").equalTo(Decision.REVIEW.key()))
                .write()
                .option("compression", "gzip")
                .json(run.child("review"));
        catalog.quarantine().write().parquet(run.child("quarantine"));
        catalog.duplicates().write().parquet(run.child("duplicates"));
    }

    private void publish(
            JobContext context,
            RunDirectory run,
            ModelBundle bundle,
            Catalog catalog,
            Dataset<Row> predicted,
            long startNanos) {
        SparkSession spark = context.spark();
        context.step("classify: read back and check");
        Row written = predictions(spark, run)
                .agg(
                        count(lit(1)),
                        sum(when(col("decision").equalTo(Decision.REVIEW.key()), 1L)
                                .otherwise(0L)),
                        avg("confidence"))
                .first();
        long scored = written.getLong(0);
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("rows_in", catalog.rowsIn());
        rows.put("scored", scored);
        rows.put("carried", 0L);
        rows.put("quarantined", spark.read().parquet(run.child("quarantine")).count());
        rows.put("duplicates", spark.read().parquet(run.child("duplicates")).count());
        requireBalance(rows);
        rows.put("review", scored == 0 ? 0 : written.getLong(1));

        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Map<String, Double> metrics = new LinkedHashMap<>();
        rows.forEach((name, value) -> metrics.put(name, value.doubleValue()));
        metrics.put("seconds", seconds);
        metrics.put("rows_per_second", catalog.rowsIn() / seconds);
        if (scored > 0) {
            metrics.put("mean_confidence", written.getDouble(2));
            metrics.put("review_share", (double) written.getLong(1) / scored);
        }
        metricRows(spark, metrics).coalesce(1).write().parquet(run.child("metrics"));
        run.write("metrics.json", metrics);
        run.finish(manifest(run, bundle, rows, catalog.quarantinedByReason()));
        run.publish("classify", java.util.OptionalInt.empty());
        report(context, run, predicted, rows, seconds);
    }

    static void requireBalance(Map<String, Long> rows) {
        long out = rows.get("scored") + rows.get("carried") + rows.get("quarantined") + rows.get("duplicates");
        if (out != rows.get("rows_in")) {
            throw new IllegalStateException("Cannot publish: found " + out + " rows written, expected "
                    + rows.get("rows_in") + " (rows_in = scored + carried + quarantined + duplicates); " + rows);
        }
    }

    private Map<String, Object> manifest(
            RunDirectory run, ModelBundle bundle, Map<String, Long> rows, Map<String, Long> quarantine) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("run_id", run.runId());
        manifest.put("previous", run.currentRunId().orElse(null));
        manifest.put("schema_version", Predictions.SCHEMA_VERSION);
        manifest.put("model_version", bundle.version());
        manifest.put("model_hash", bundle.hash());
        manifest.put("engine", Settings.choiceName(settings.engine()));
        manifest.put("accept_threshold", bundle.manifest().acceptThreshold());
        manifest.put("input", Settings.withoutCredentials(settings.catalog().input()));
        manifest.put("rows", rows);
        manifest.put("quarantine", quarantine);
        return manifest;
    }

    private static Dataset<Row> predictions(SparkSession spark, RunDirectory run) {
        return spark.read().schema(Predictions.SCHEMA).parquet(run.child("predictions"));
    }

    private static Dataset<Row> metricRows(SparkSession spark, Map<String, Double> metrics) {
        List<Row> rows = new ArrayList<>();
        metrics.forEach((name, value) -> rows.add(RowFactory.create(name, value)));
        return spark.createDataFrame(
                rows, new StructType().add("metric", DataTypes.StringType).add("value", DataTypes.DoubleType));
    }

    private static void report(
            JobContext context, RunDirectory run, Dataset<Row> predicted, Map<String, Long> rows, double seconds) {
        context.step("classify: report");
        TextTable counts = new TextTable("rows", "");
        rows.forEach((name, value) -> counts.row(name, String.format(Locale.ROOT, "%,d", value)));
        context.say("%s", counts);
        TextTable examples = new TextTable("example", "category", "confidence", "decision");
        for (Row row : predicted.orderBy("content_hash", "id").limit(EXAMPLES).collectAsList()) {
            String title = row.getAs("title");
            examples.row(
                    title.length() > EXAMPLE_TITLE ? title.substring(0, EXAMPLE_TITLE - 1) + "…" : title,
                    String.join(" > ", row.<String>getList(row.fieldIndex("category_path"))),
                    String.format(Locale.ROOT, "%.3f", (float) row.getAs("confidence")),
                    row.getAs("decision"));
        }
        context.say("%s", examples);
        context.say("%.0f s, %.0f rows/s", seconds, rows.get("rows_in") / seconds);
        context.say("published run %s: %s", run.runId(), run.uri());
    }
}
