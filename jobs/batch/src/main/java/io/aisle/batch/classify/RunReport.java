package io.aisle.batch.classify;

import io.aisle.batch.JobContext;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.classify.Comparison.Cause;
import io.aisle.batch.classify.PublishLimits.Check;
import io.aisle.batch.score.Engine;
import io.aisle.batch.storage.RunDirectory;
import io.aisle.batch.telemetry.Cost;
import io.aisle.batch.telemetry.RunMeter;
import io.aisle.batch.telemetry.StepUse;
import io.aisle.batch.telemetry.TextTable;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What a run says of itself: metrics as Parquet and JSON, the manifest, and the tables on the console. */
final class RunReport {
    private static final int EXAMPLES = 5;
    private static final int EXAMPLE_TITLE = 48;
    private static final StructType METRIC =
            new StructType().add("metric", DataTypes.StringType).add("value", DataTypes.DoubleType);

    private final ClassifySettings settings;
    private final String runId;
    private final ModelBundle bundle;
    private final String scoringFingerprint;
    private final Optional<PreviousRun> previous;
    private final Catalog catalog;
    private final Comparison comparison;
    private final long distinctTexts;
    private final Map<String, Double> metrics = new LinkedHashMap<>();

    RunReport(
            ClassifySettings settings,
            String runId,
            ModelBundle bundle,
            String scoringFingerprint,
            Optional<PreviousRun> previous,
            Catalog catalog,
            Comparison comparison,
            long distinctTexts) {
        this.settings = settings;
        this.runId = runId;
        this.bundle = bundle;
        this.scoringFingerprint = scoringFingerprint;
        this.previous = previous;
        this.catalog = catalog;
        this.comparison = comparison;
        this.distinctTexts = distinctTexts;
    }

    long rowsIn() {
        return catalog.rowsIn();
    }

    /** Writes metrics and, last, the manifest. */
    void write(JobContext context, RunDirectory run, WrittenRows written, List<Check> checks) {
        measure(context.meter(), written, checks);
        List<Row> rows = new ArrayList<>();
        metrics.forEach((name, value) -> rows.add(RowFactory.create(name, value)));
        context.spark().createDataFrame(rows, METRIC).coalesce(1).write().parquet(run.child("metrics"));
        run.write("metrics.json", metrics);
        run.finish(manifest(run, written));
    }

    /** What is undefined (a mean of no rows, a cost without a price) is left out. */
    private void measure(RunMeter meter, WrittenRows written, List<Check> checks) {
        written.rows().forEach((name, value) -> metrics.put(name, value.doubleValue()));
        for (Cause cause : Cause.values()) {
            metrics.put("products_" + cause.key(), (double) comparison.rows(cause));
        }
        metrics.put("products_removed", (double) comparison.removed());
        metrics.put("distinct_texts_scored", (double) distinctTexts);
        metrics.put("review_share", written.shares().reviewShare());
        metrics.put("mean_confidence", written.shares().meanConfidence());
        checks.forEach(check -> metrics.put(check.name(), check.found()));
        for (StepUse step : meter.steps()) {
            String name = step.step().isEmpty() ? "start" : step.step().substring("classify: ".length());
            metrics.put("seconds_" + name.replace(' ', '_'), step.seconds());
        }
        StepUse total = meter.total();
        metrics.put("seconds", total.seconds());
        metrics.put("rows_per_second", catalog.rowsIn() / total.seconds());
        metrics.put("cpu_seconds", total.cpuSeconds());
        metrics.put("gpu_seconds", total.gpuSeconds());
        metrics.put(
                "cost_per_million_rows", Cost.perMillionRows(meter.pricePerHour(), total.seconds(), catalog.rowsIn()));
        metrics.values().removeIf(value -> Double.isNaN(value));
    }

    private Map<String, Object> manifest(RunDirectory run, WrittenRows written) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("run_id", runId);
        manifest.put("previous", run.currentRunId().orElse(null));
        manifest.put(
                "carried_from",
                previous.map(from -> from.run().directory().uri()).orElse(null));
        manifest.put("schema_version", Predictions.SCHEMA_VERSION);
        manifest.put("model_version", bundle.version());
        manifest.put("model_hash", bundle.hash());
        manifest.put(
                "engine",
                Settings.choiceName(
                        Engine.of(settings.engine(), bundle.manifest().model())));
        manifest.put("scoring_fingerprint", scoringFingerprint);
        manifest.put("accept_threshold", bundle.manifest().acceptThreshold());
        manifest.put("back_off", settings.isBackingOff());
        manifest.put("input", Settings.withoutCredentials(settings.catalog().input()));
        manifest.put("rows", written.rows());
        manifest.put("quarantine", catalog.quarantinedByReason());
        manifest.put("corrupt_files", catalog.corruptFiles());
        return manifest;
    }

    /** Tells the counts, some examples and the speed. */
    void say(JobContext context, Dataset<Row> scored) {
        context.step("classify: report");
        TextTable counts = new TextTable("rows", "");
        for (String name : List.of("rows_in", "scored", "carried", "quarantined", "duplicates", "review")) {
            counts.row(name, String.format(Locale.ROOT, "%,.0f", metrics.get(name)));
        }
        context.say(counts);
        catalog.quarantinedByReason().forEach((reason, count) -> context.say("  quarantined %,d: %s", count, reason));
        TextTable examples = new TextTable("example", "category", "confidence", "decision");
        List<Row> rows = scored.select("content_hash", "id", "title", "category_path", "confidence", "decision")
                .orderBy("content_hash", "id")
                .limit(EXAMPLES)
                .collectAsList();
        for (Row row : rows) {
            String title = row.getAs("title");
            examples.row(
                    title.length() > EXAMPLE_TITLE ? title.substring(0, EXAMPLE_TITLE - 1) + "…" : title,
                    String.join(" > ", row.<String>getList(row.fieldIndex("category_path"))),
                    String.format(Locale.ROOT, "%.3f", (float) row.getAs("confidence")),
                    row.getAs("decision"));
        }
        if (!rows.isEmpty()) {
            context.say(examples);
        }
        context.say(
                "%.0f s, %.0f rows/s; %.0f distinct texts scored in %.0f s",
                metrics.get("seconds"),
                metrics.get("rows_per_second"),
                metrics.get("distinct_texts_scored"),
                metrics.get("seconds_score"));
        if (metrics.containsKey("cost_per_million_rows")) {
            context.say("cost per million rows: %.4f", metrics.get("cost_per_million_rows"));
        }
    }
}
