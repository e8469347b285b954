package io.aisle.batch.train;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.PreparedManifest.ClassRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.sparknlp.SparkNlpPipeline;
import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.Calibration;
import io.aisle.core.model.Calibration.AcceptThreshold;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.model.Provenance;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.VocabularyLearner;
import io.aisle.training.EpochResult;
import io.aisle.training.Examples;
import io.aisle.training.FineTuned;
import io.aisle.training.FineTuner;
import io.aisle.training.InitialWeights;
import io.aisle.training.Progress;
import io.aisle.training.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Prepared data to a model bundle.
 *
 * <p>Reads what prepare wrote. Writes a bundle to {@code <output>}, with the network also as a saved Spark NLP pipeline in
 * {@code spark-nlp/}. Refuses an output that exists, data without validation rows, and a label without a train row.
 *
 * <p>Words are counted and texts tokenized on the executors (one shuffle each); the network is trained on the driver.
 */
public final class TrainJob implements Job {
    public static final Command COMMAND = new Command(
            "train",
            "Trains a classifier on prepared data and writes it as a model bundle.",
            TrainSettings.OPTIONS,
            settings -> new TrainJob(TrainSettings.read(settings)));

    private final TrainSettings settings;

    private TrainJob(TrainSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "read prepared data from " + settings.data(),
                "learn a vocabulary of at most " + settings.vocabularySize() + " word pieces from the train rows",
                "train a tiny DistilBERT for up to " + settings.plan().epochs() + " epochs on " + settings.threads()
                        + " threads",
                "find the temperature, and the threshold for precision " + settings.targetPrecision()
                        + ", on the validation rows",
                "write the model bundle " + settings.output());
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("a model bundle");
        PreparedData data = PreparedData.open(context.spark(), settings.data());
        PreparedManifest manifest = data.manifest();
        List<String> labels = trainableLabels(manifest);

        output.createParent();

        context.step("train: learn the vocabulary");
        Dataset<Row> trainRows = data.rows(Split.TRAIN);
        Vocabulary vocabulary = VocabularyLearner.learn(
                TokenizedRows.wordCounts(trainRows, manifest.recipe()), settings.vocabularySize());
        context.say("learnt %,d word pieces", vocabulary.size());

        context.step("train: tokenize");
        Examples train = TokenizedRows.read(trainRows, manifest.recipe(), vocabulary, settings.maxTokens(), labels);
        Examples validation = TokenizedRows.read(
                data.rows(Split.VALIDATION), manifest.recipe(), vocabulary, settings.maxTokens(), labels);

        DistilBertConfig network = tiny(vocabulary.size());
        context.say(
                "training %,d rows of %d classes, up to %d epochs",
                train.size(), labels.size(), settings.plan().epochs());
        FineTuned tuned = new FineTuner(settings.threads())
                .fit(
                        network,
                        InitialWeights.random(
                                network, labels.size(), settings.plan().seed()),
                        settings.plan(),
                        train,
                        validation,
                        new TrainingLines(context));
        write(context, output, manifest, labels, vocabulary, network, tuned, validation);
    }

    /** Every label of the prepared data, sorted; each has a train row. */
    private List<String> trainableLabels(PreparedManifest manifest) {
        List<String> untrainable = manifest.classesWithout(Split.TRAIN);
        if (!untrainable.isEmpty()) {
            throw new UserException("Cannot train on " + settings.data() + ": found no train row for "
                    + untrainable.size() + " of " + manifest.classes().size() + " labels, expected at least one each: "
                    + String.join("; ", untrainable)
                    + ". Prepare with a larger --min-class-size or --fraction, or another --split-seed.");
        }
        if (manifest.rows().get(Split.VALIDATION.key()) == 0) {
            throw new UserException("Cannot train on " + settings.data()
                    + ": found no validation row, expected some to choose the best epoch and the threshold by. "
                    + "Prepare with a larger second share in --split.");
        }
        if (manifest.classes().size() < 2) {
            throw new UserException("Cannot train on " + settings.data() + ": found the one label "
                    + manifest.classes().get(0).label()
                    + ", expected at least two. Prepare with a smaller --min-class-size or another --label.");
        }
        return manifest.classes().stream().map(ClassRows::label).sorted().toList();
    }

    /** A small DistilBERT that trains from scratch on a CPU in minutes. */
    private DistilBertConfig tiny(int vocabularySize) {
        return new DistilBertConfig(
                vocabularySize, settings.maxTokens(), 128, settings.layers(), 2, 512, DistilBertConfig.Pooling.MEAN);
    }

    private void write(
            JobContext context,
            Directory output,
            PreparedManifest manifest,
            List<String> labels,
            Vocabulary vocabulary,
            DistilBertConfig network,
            FineTuned tuned,
            Examples validation) {
        float temperature = (float) Calibration.temperature(tuned.validationLogits(), validation.labels());
        AcceptThreshold threshold = ValidationConfidence.of(tuned.validationLogits(), validation.labels(), temperature)
                .acceptThreshold(settings.targetPrecision());
        Map<CategoryPath, CategoryPath> foldMap = new TreeMap<>();
        manifest.foldMap().forEach((rare, label) -> foldMap.put(CategoryPath.parse(rare), CategoryPath.parse(label)));
        ModelDefinition model = ModelDefinition.distilBert(
                manifest.recipe(),
                settings.maxTokens(),
                labels.stream().map(CategoryPath::parse).toList(),
                foldMap,
                network);
        Path staging = temporaryDirectory();
        try {
            Path directory = staging.resolve("bundle");
            BundleWriter writer = BundleWriter.write(directory, model, vocabulary, tuned.weights(), temperature);
            context.step("train: save the Spark NLP pipeline");
            SparkNlpPipeline.save(
                    SparkNlpPipeline.build(
                            context.spark(), writer.modelFile(), vocabulary.pieces(), labels, settings.maxTokens()),
                    directory.resolve(Scoring.SPARK_NLP_DIRECTORY));
            ModelBundle bundle = writer.finish(
                    provenance(context, manifest),
                    metrics(tuned, threshold),
                    threshold.threshold(),
                    threshold.targetPrecision());
            output.copyFrom(directory, ModelManifest.FILE_NAME);
            report(context, output, bundle, tuned, temperature, threshold);
        } finally {
            deleteTree(staging);
        }
    }

    private Provenance provenance(JobContext context, PreparedManifest manifest) {
        Map<String, String> parameters = new TreeMap<>(settings.asText());
        manifest.settings().forEach((name, value) -> parameters.put("prepare." + name, value));
        return Provenance.of(
                manifest.fingerprint(),
                Map.of("train", settings.plan().seed()),
                parameters,
                Map.of(
                        "spark", context.spark().version(),
                        "java", Runtime.version().toString(),
                        "pytorch", ai.djl.engine.Engine.getEngine("PyTorch").getVersion()));
    }

    private static Map<String, Double> metrics(FineTuned tuned, AcceptThreshold threshold) {
        EpochResult best = tuned.best();
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("validation_accuracy", best.accuracy());
        metrics.put("validation_macro_f1", best.macroF1());
        metrics.put("validation_weighted_f1", best.weightedF1());
        metrics.put("validation_log_loss_uncalibrated", best.validationLoss());
        metrics.put("validation_accepted_precision", threshold.precision());
        metrics.put("validation_accepted_share", threshold.coverage());
        return metrics;
    }

    private static void report(
            JobContext context,
            Directory output,
            ModelBundle bundle,
            FineTuned tuned,
            float temperature,
            AcceptThreshold threshold) {
        context.say(
                "best epoch %d: validation macro F1 %.4f, weighted F1 %.4f",
                tuned.bestEpoch(), tuned.best().macroF1(), tuned.best().weightedF1());
        if (threshold.reached()) {
            context.say(
                    "temperature %.3f; accepting from confidence %.3f: precision %.3f on %.1f%% of the validation rows",
                    temperature, threshold.threshold(), threshold.precision(), 100 * threshold.coverage());
        } else {
            context.say(
                    "temperature %.3f; no threshold reaches precision %.2f on the validation rows: every prediction goes to review",
                    temperature, threshold.targetPrecision());
        }
        context.say("model bundle %s: %s", bundle.version(), output.uri());
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("aisle-train-");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a temporary directory", e);
        }
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + root, e);
        }
    }

    /** Tells how far the training is. */
    private record TrainingLines(JobContext context) implements ProgressListener {
        @Override
        public void progressed(Progress progress) {
            context.say(
                    "  epoch %d of %d, step %d of %d, loss %.3f, %.0f rows/s, about %.0f s left",
                    progress.epoch(),
                    progress.epochs(),
                    progress.step(),
                    progress.steps(),
                    progress.loss(),
                    progress.rowsPerSecond(),
                    progress.remainingSeconds());
        }

        @Override
        public void epochEnded(EpochResult result) {
            context.say(
                    "epoch %d: train loss %.3f, validation loss %.3f, accuracy %.4f, macro F1 %.4f (%.0f s)",
                    result.epoch(),
                    result.trainLoss(),
                    result.validationLoss(),
                    result.accuracy(),
                    result.macroF1(),
                    result.seconds());
        }
    }
}
