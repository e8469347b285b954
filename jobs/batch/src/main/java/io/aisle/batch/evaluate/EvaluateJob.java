package io.aisle.batch.evaluate;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogReader;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * How good and how sure a bundle is on labelled products.
 *
 * <p>Reads prepared or raw labelled products and a bundle. Writes {@code <output>/metrics.json}, the same numbers as Parquet in
 * {@code metrics}, and {@code quarantine}. Applies the bundle's fold map to the truth, and reports the unfolded metrics too. Refuses an
 * output that exists, input without a labelled row, and more unknown labels than allowed.
 *
 * <p>Scores each row once; one shuffle by id, and one of rows × labels scores for the ROC areas.
 */
public final class EvaluateJob implements Job {
    public static final Command COMMAND = new Command(
            "evaluate",
            "Measures a model bundle on labelled products, prepared or raw.",
            EvaluateSettings.OPTIONS,
            settings -> new EvaluateJob(EvaluateSettings.read(settings)));

    private static final int UNKNOWN_NAMED = 10;
    private static final int ROWS_PER_TASK = 10_000;

    private final EvaluateSettings settings;

    private EvaluateJob(EvaluateSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "open and verify the model bundle " + settings.model(),
                "read labelled products from " + settings.catalog().input(),
                "score them, and write metrics to " + settings.output());
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("an evaluation");
        ModelBundle bundle = ModelBundle.open(
                Directory.of(context.spark(), settings.model()).local("Copy the bundle to a local disk first."));
        Scoring scoring = Scoring.open(context.spark(), bundle, Engine.ONNX);
        context.step("evaluate: read and clean");
        try (Catalog catalog = new CatalogReader(context.spark(), bundle.recipe()).read(settings.catalog())) {
            catalog.corruptFiles()
                    .forEach((file, records) ->
                            context.say("corrupt after %,d records, the rest skipped: %s", records, file));
            evaluate(context, output, bundle, scoring, catalog);
        }
    }

    private void evaluate(JobContext context, Directory output, ModelBundle bundle, Scoring scoring, Catalog catalog) {
        Truths truths = new Truths(bundle);
        Map<String, Long> rows = countRows(context, catalog, truths);

        context.step("evaluate: score");
        Dataset<Row> scored =
                scored(context, scoring, catalog, truths, rows.get("evaluated")).persist(StorageLevel.DISK_ONLY());
        Judgement judgement = new Judgement(truths.paths().size());
        scored.javaRDD()
                .mapPartitions(
                        partition -> List.of(Judgement.of(partition, truths)).iterator())
                .collect()
                .forEach(judgement::merge);
        context.step("evaluate: rank");
        double[] areas = RankingAreas.of(scored, truths, bundle.labels().size());
        scored.unpersist(false);

        EvaluationReport report = EvaluationReport.of(bundle, truths, judgement, areas, rows, settings.seed());
        context.step("evaluate: write");
        catalog.quarantine().write().parquet(output.child("quarantine"));
        report.metrics(context.spark()).coalesce(1).write().parquet(output.child("metrics"));
        output.write("metrics.json", report.json());
        context.say("%s", report.table());
        context.say("metrics: %s", output.child("metrics.json"));
    }

    /** Where every record went; refuses where too few can be judged. */
    private Map<String, Long> countRows(JobContext context, Catalog catalog, Truths truths) {
        long evaluated = 0;
        long unlabelled = 0;
        Map<String, Long> unknown = new TreeMap<>();
        for (Row row : catalog.products().groupBy("label").count().collectAsList()) {
            if (row.isNullAt(0)) {
                unlabelled = row.getLong(1);
            } else if (truths.isKnown(row.getString(0))) {
                evaluated += row.getLong(1);
            } else {
                unknown.put(row.getString(0), row.getLong(1));
            }
        }
        long unknownRows = unknown.values().stream().mapToLong(Long::longValue).sum();
        if (evaluated + unknownRows == 0) {
            throw new UserException("Cannot evaluate on " + settings.catalog().input()
                    + ": found no usable record with a label among " + catalog.rowsIn()
                    + ". Check --format, and name the truth with --label.");
        }
        double share = (double) unknownRows / (evaluated + unknownRows);
        String named = unknown.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(UNKNOWN_NAMED)
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining("; "));
        if (share > settings.maxUnknownLabels()) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "Cannot evaluate on %s: found %d of %d labelled rows (%.2f%%) with a label that the model does not know,"
                            + " expected at most %.2f%%: %s. Check --label, or raise --max-unknown-labels.",
                    settings.catalog().input(),
                    unknownRows,
                    evaluated + unknownRows,
                    100 * share,
                    100 * settings.maxUnknownLabels(),
                    named));
        }
        if (unknownRows > 0) {
            context.say("%,d rows have a label that the model does not know: %s", unknownRows, named);
        }
        Map<String, Long> rows = new TreeMap<>();
        rows.put("rows_in", catalog.rowsIn());
        rows.put("evaluated", evaluated);
        rows.put("unknown_label", unknownRows);
        rows.put("unlabelled", unlabelled);
        rows.put("quarantined", catalog.quarantined());
        rows.put("duplicates", catalog.rowsIn() - catalog.quarantined() - evaluated - unknownRows - unlabelled);
        return rows;
    }

    /** Rows of (truth, probabilities) for every product whose label the model knows. */
    private static Dataset<Row> scored(
            JobContext context, Scoring scoring, Catalog catalog, Truths truths, long evaluated) {
        StructType withTruth = catalog.products().schema().add("truth", DataTypes.IntegerType);
        MapFunction<Row, Row> number = row -> {
            String label = row.getAs("label");
            return ProductRows.append(
                    row, label != null && truths.isKnown(label) ? truths.index(label) : null, withTruth);
        };
        int tasks = (int) Math.max(context.spark().sparkContext().defaultParallelism(), evaluated / ROWS_PER_TASK);
        Dataset<Row> labelled = catalog.products()
                .map(number, Encoders.row(withTruth))
                .filter(col("truth").isNotNull())
                .repartition(tasks, col("id"));
        return scoring.withProbabilities(labelled).select("truth", Scoring.PROBABILITIES);
    }
}
