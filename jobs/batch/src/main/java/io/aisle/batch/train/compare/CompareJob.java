package io.aisle.batch.train.compare;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.Failure;
import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogReader;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.measure.EvaluationReport;
import io.aisle.batch.measure.Judgement;
import io.aisle.batch.measure.LabelledRows;
import io.aisle.batch.measure.RankingAreas;
import io.aisle.batch.measure.Truths;
import io.aisle.batch.report.Report;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.batch.train.BundleTraining;
import io.aisle.batch.train.TrainSettings;
import io.aisle.batch.train.TrainSettings.Kind;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Prediction;
import io.aisle.core.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Several kinds of model beside each other: each trained on the same prepared rows, all judged by the same labelled rows.
 *
 * <p>Writes a bundle a kind to {@code <output>/models/<kind>}, each row's answers to {@code <output>/answers/<kind>}, and
 * {@code leaderboard.json} and {@code leaderboard.html}. A kind that fails is reported with its reason, and the others go on. Refuses an
 * output that exists, and rows of which none can be judged.
 */
public final class CompareJob implements Job {
    public static final Command COMMAND = new Command(
            "compare",
            "Trains several kinds of model on the same rows, and says which to take.",
            CompareSettings.OPTIONS,
            settings -> new CompareJob(CompareSettings.read(settings)));

    private static final StructType ANSWER = new StructType()
            .add("id", DataTypes.StringType)
            .add("truth", DataTypes.StringType)
            .add("category", DataTypes.StringType)
            .add("confidence", DataTypes.FloatType)
            .add("is_right", DataTypes.BooleanType);

    private static final int WARM_UP_ROWS = 1_000;

    private final CompareSettings settings;

    private CompareJob(CompareSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        List<String> plan = new ArrayList<>();
        plan.add("read prepared data from " + settings.data());
        for (TrainSettings kind : settings.kinds()) {
            plan.add("train " + name(kind) + " and write its bundle to " + settings.output() + "/models/" + name(kind));
        }
        plan.add("judge each by the rows of " + settings.judged().input());
        plan.add("choose by "
                + settings.chooseBy().stream().map(Settings::choiceName).collect(Collectors.joining(", then ")));
        plan.add("write the leaderboard to " + settings.output());
        return plan;
    }

    private static String name(TrainSettings kind) {
        return Settings.choiceName(kind.kind());
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("a comparison");
        output.requireWholeCommit();
        output.createParent();
        PreparedData data = PreparedData.open(context.spark(), settings.data());
        if (settings.isTestSplit() && data.manifest().rows().get(Split.TEST.key()) == 0) {
            throw new UserException("Cannot compare models on the test split of " + settings.data()
                    + ": found no row in it, expected some. Prepare with a larger third share in --split,"
                    + " or give labelled rows by --input.");
        }
        context.step("compare: read and clean");
        try (Catalog catalog =
                new CatalogReader(context.spark(), data.manifest().recipe()).read(settings.judged())) {
            catalog.inWords().forEach(line -> context.say("%s", line));
            compare(context, output, data, catalog);
        }
    }

    private void compare(JobContext context, Directory output, PreparedData data, Catalog catalog) {
        List<Entrant> entrants = new ArrayList<>();
        List<Dataset<Row>> answers = new ArrayList<>();
        TrainedKinds trained = new TrainedKinds();
        Truths truths = new Truths(data.manifest().labels(), data.manifest().foldMap());
        // before anything is trained: rows that cannot be judged are no fault of a kind
        Map<String, Long> rows =
                LabelledRows.count(context, catalog, truths, settings.judged().input(), settings.maxUnknownLabels());
        Dataset<Row> labelled = LabelledRows.numbered(catalog, truths.numbers());
        for (TrainSettings kind : settings.kinds()) {
            Directory model = output.directory("models").directory(name(kind));
            Directory answered = output.directory("answers").directory(name(kind));
            long start = System.nanoTime();
            try {
                Entrant entrant = enter(context, kind, data, truths, labelled, rows, trained, model, answered);
                answers.add(context.spark().read().schema(ANSWER).parquet(answered.uri()));
                entrants.add(entrant);
            } catch (Exception | OutOfMemoryError | LinkageError e) {
                String reason = Failure.of(e).reason();
                context.say("%s failed: %s", name(kind), reason);
                entrants.add(Entrant.failed(name(kind), reason, secondsSince(start)));
                // it agrees with nobody
                answers.add(context.spark().createDataFrame(List.of(), ANSWER));
            }
        }
        context.step("compare: choose");
        Leaderboard board =
                new Leaderboard(entrants, Agreement.of(answers), settings.chooseBy(), rows, outlook(entrants, answers));
        Report.write(output, "leaderboard", board.numbers());
        board.table().ifPresent(context::say);
        Optional<Leaderboard.Choice> choice = board.choice();
        if (choice.isEmpty()) {
            throw new UserException("Cannot choose a model: found that every kind failed, the first ("
                    + entrants.get(0).kind() + ") because: " + entrants.get(0).reason());
        }
        board.outlook().ifPresent(outlook -> context.say("%s", outlook.inWords()));
        choice.get().reasons().forEach(reason -> context.say("%s", reason));
        context.say(
                "take %s: %s",
                choice.get().winner().kind(),
                output.directory("models").child(choice.get().winner().kind()));
        context.say("leaderboard: %s", output.child("leaderboard.html"));
    }

    /** Of linear and the most accurate network; nothing where one of the two is missing. */
    private Optional<CascadeOutlook> outlook(List<Entrant> entrants, List<Dataset<Row>> answers) {
        int linear = -1;
        int network = -1;
        for (int place = 0; place < entrants.size(); place++) {
            Kind kind = settings.kinds().get(place).kind();
            double accuracy = entrants.get(place).metric("accuracy");
            if (entrants.get(place).hasFailed()) {
                continue;
            }
            if (kind == Kind.LINEAR) {
                linear = place;
            } else if (TrainSettings.NETWORKS.contains(kind)
                    && (network < 0 || accuracy > entrants.get(network).metric("accuracy"))) {
                network = place;
            }
        }
        return linear < 0 || network < 0
                ? Optional.empty()
                : Optional.of(CascadeOutlook.of(
                        entrants.get(network).kind(),
                        answers.get(linear),
                        answers.get(network),
                        settings.kinds().get(linear).cascadeTarget()));
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private Entrant enter(
            JobContext context,
            TrainSettings kind,
            PreparedData data,
            Truths truths,
            Dataset<Row> labelled,
            Map<String, Long> rows,
            TrainedKinds trained,
            Directory model,
            Directory answered) {
        context.say("%s: training", name(kind));
        HeapPeak heap = HeapPeak.start();
        long start = System.nanoTime();
        new BundleTraining(context, kind, trained.bundles()).train(data, model);
        double trainSeconds = secondsSince(start) + trained.secondsSaved(kind);
        long heapBytes = heap.bytes();

        ModelBundle bundle = StoredBundle.open(model).bundle();
        trained.add(kind, bundle, trainSeconds);
        Scoring scoring = Scoring.open(context.spark(), bundle, Engine.ONNX);
        context.step("compare: score by " + name(kind));
        long judged = rows.get("evaluated");
        // the first rows pay for what is opened and compiled once, which is no part of a rate
        scoring.withProbabilities(labelled.limit(WARM_UP_ROWS), WARM_UP_ROWS).count();
        try (KeptRows scored = KeptRows.onDisk(scoring.withProbabilities(labelled, judged))) {
            long scoringStart = System.nanoTime();
            scored.rows().count();
            double rowsPerSecond = judged / secondsSince(scoringStart);
            Dataset<Row> probabilities = scored.rows().select(col("truth"), col(Scoring.PROBABILITIES));
            Judgement judgement =
                    Judgement.of(probabilities, truths, bundle.manifest().acceptThreshold());
            double[] areas =
                    RankingAreas.of(probabilities, truths, bundle.labels().size());
            answers(scored.rows(), truths).write().parquet(answered.uri());
            answered.requireCommitted();
            return new Entrant(
                    name(kind),
                    bundle.version(),
                    Optional.of(EvaluationReport.of(bundle, truths, judgement, areas, rows, settings.seed())),
                    "",
                    trainSeconds,
                    rowsPerSecond,
                    bytes(bundle),
                    heapBytes);
        }
    }

    private static Dataset<Row> answers(Dataset<Row> scored, Truths truths) {
        MapFunction<Row, Row> answer = row -> {
            float[] probabilities = Scoring.probabilities(row);
            int best = Prediction.mostProbable(probabilities, 1)[0];
            int truth = row.getAs("truth");
            return RowFactory.create(
                    row.getAs("id"),
                    truths.paths().get(truth),
                    truths.paths().get(best),
                    probabilities[best],
                    best == truths.label(truth));
        };
        return scored.select(col("id"), col("truth"), col(Scoring.PROBABILITIES))
                .map(answer, Encoders.row(ANSWER));
    }

    private static long bytes(ModelBundle bundle) {
        try {
            long bytes = 0;
            for (String file : bundle.scoringFiles()) {
                bytes += Files.size(bundle.directory().resolve(file));
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot measure the model " + bundle.directory(), e);
        }
    }
}
