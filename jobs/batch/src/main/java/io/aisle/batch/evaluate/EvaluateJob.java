package io.aisle.batch.evaluate;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogReader;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.measure.EvaluationReport;
import io.aisle.batch.measure.Judgement;
import io.aisle.batch.measure.LabelledRows;
import io.aisle.batch.measure.RankingAreas;
import io.aisle.batch.measure.Truths;
import io.aisle.batch.report.Report;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.model.ModelBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How good and how sure a bundle is on labelled products.
 *
 * <p>Reads prepared or raw labelled products and a bundle. Writes {@code <output>/metrics.json}, the same numbers as Parquet in
 * {@code metrics}, {@code quarantine}, {@code label_errors} where these are asked for, {@code gate.json} where there is another model to
 * compare with, and the report {@code evaluate.html} with its numbers in {@code evaluate.json}. Applies the bundle's fold map to the truth, and reports the unfolded metrics too. Refuses an
 * output that exists, input without a labelled row, and more unknown labels than allowed.
 *
 * <p>Scores each distinct text once; one shuffle by id, one by text, and one of rows × labels scores for the ROC areas. The scored rows are
 * kept on disk and read by three passes, four where models are compared.
 */
public final class EvaluateJob implements Job {
    public static final Command COMMAND = new Command(
            "evaluate",
            "Measures a model bundle on labelled products, prepared or raw, and writes a report.",
            EvaluateSettings.OPTIONS,
            settings -> new EvaluateJob(EvaluateSettings.read(settings)));

    private final EvaluateSettings settings;

    private EvaluateJob(EvaluateSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        List<String> steps = new ArrayList<>(List.of(
                "open and verify the model bundle " + settings.model(),
                "read labelled products from " + settings.catalog().input(),
                "score them, and write metrics and a report to " + settings.output()));
        settings.labelErrors()
                .ifPresent(ignored ->
                        steps.add("train models of parts of them, and list the rows whose label is probably wrong"));
        settings.baseline().ifPresent(uri -> steps.add("score them by " + uri + " too, and compare"));
        if (settings.promote()) {
            String models = settings.models().orElse("the directory of " + settings.model());
            steps.add("score them by the champion of " + models + " too, and apply the gate");
            steps.add("make it the champion of " + models + " if every rule passes");
        }
        return steps;
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("an evaluation");
        output.requireWholeCommit();
        output.createParent();
        StoredBundle candidate = StoredBundle.open(ModelLocation.resolve(context.spark(), settings.model()));
        ModelBundle bundle = candidate.bundle();
        Optional<Contest> contest = Contest.open(context, settings, candidate);
        Scoring scoring = Scoring.open(context.spark(), candidate.bundle(), Engine.ONNX);
        context.step("evaluate: read and clean");
        try (Catalog catalog = new CatalogReader(context.spark(), bundle.recipe()).read(settings.catalog())) {
            catalog.inWords().forEach(line -> context.say("%s", line));
            evaluate(context, output, candidate, scoring, catalog, contest);
        }
    }

    private void evaluate(
            JobContext context,
            Directory output,
            StoredBundle candidate,
            Scoring scoring,
            Catalog catalog,
            Optional<Contest> contest) {
        ModelBundle bundle = candidate.bundle();
        Truths truths = new Truths(bundle);
        Map<String, Long> rows =
                LabelledRows.count(context, catalog, truths, settings.catalog().input(), settings.maxUnknownLabels());

        context.step("evaluate: score");
        try (KeptRows scored =
                KeptRows.onDisk(scored(bundle, scoring, catalog, truths, contest, rows.get("evaluated")))) {
            Dataset<Row> known =
                    scored.rows().filter(col("truth").lt(truths.paths().size()));
            Dataset<Row> answers = known.select(col("truth"), col(Scoring.PROBABILITIES));
            Judgement judgement =
                    Judgement.of(answers, truths, bundle.manifest().acceptThreshold());
            context.step("evaluate: rank");
            int labels = bundle.labels().size();
            double[] areas = RankingAreas.of(answers, truths, labels);
            context.step("evaluate: compare");
            ConfusionMatrix confusion = judgement.folded(truths, labels);
            Optional<GateReport> gate = contest.map(with ->
                    with.judge(scored.rows(), confusion, judgement.calibration().error()));
            context.step("evaluate: look into the parts");
            EvaluationReport report = EvaluationReport.of(bundle, truths, judgement, areas, rows, settings.seed());
            EvaluationPage page = EvaluationPage.of(candidate, truths, confusion, report, known);

            context.step("evaluate: write");
            catalog.quarantine().write().parquet(output.child("quarantine"));
            report.metrics(context.spark()).coalesce(1).write().parquet(output.child("metrics"));
            output.directory("quarantine").requireCommitted();
            output.directory("metrics").requireCommitted();
            output.write("metrics.json", report.json());
            context.say("%s", report.table());
            context.say("metrics: %s", output.child("metrics.json"));
            Optional<LabelErrors.Found> errors = settings.labelErrors()
                    .map(search -> search.find(
                            context,
                            PreparedManifest.of(bundle.recipe(), truths.folds(), bundle.hash()),
                            LabelledRows.asKnown(LabelledRows.numbered(catalog, truths.numbers()), truths),
                            rows.get("evaluated"),
                            output));
            Optional<Contest.Outcome> outcome = contest.map(with -> with.settle(output, gate.orElseThrow()));
            Report.write(output, "evaluate", page.numbers(contest, outcome, errors));
            context.say("report: %s", output.child("evaluate.html"));
            contest.ifPresent(with -> with.conclude(context, output, outcome.orElseThrow()));
        }
    }

    /** Rows of (truth, probabilities, the champion's, and what is kept of the product) for every product whose label a model knows. */
    private static Dataset<Row> scored(
            ModelBundle bundle,
            Scoring scoring,
            Catalog catalog,
            Truths truths,
            Optional<Contest> contest,
            long evaluated) {
        Dataset<Row> labelled =
                LabelledRows.numbered(catalog, contest.map(Contest::numbers).orElseGet(truths::numbers));
        Dataset<Row> scored = scoring.withProbabilities(labelled, evaluated);
        return KeptProducts.of(contest.map(with -> with.withChampion(scored)).orElse(scored), bundle);
    }
}
