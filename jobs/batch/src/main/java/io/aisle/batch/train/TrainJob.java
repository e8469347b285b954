package io.aisle.batch.train;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.PreparedManifest.ClassRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.gpu.GpuRequest;
import io.aisle.batch.sparknlp.SparkNlpPipeline;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.SentFile;
import io.aisle.batch.storage.TemporaryDirectory;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Prepared data to a model bundle.
 *
 * <p>Reads what prepare wrote. Writes a bundle to {@code <output>}, with the network also as a saved Spark NLP pipeline in
 * {@code spark-nlp/} where Spark NLP can save one. Refuses an output that exists, data without validation rows, and a label without a train row.
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
                        + " threads, or on the driver's GPU where Spark is asked for one",
                "find the temperature, and the threshold for precision " + settings.targetPrecision()
                        + ", on the validation rows",
                "write the model bundle " + settings.output());
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("a model bundle");
        PreparedData data = PreparedData.open(context.spark(), settings.data());
        List<String> labels = trainableLabels(data.manifest());
        SparkContext spark = context.spark().sparkContext();
        FineTuner tuner = new FineTuner(settings.threads(), GpuRequest.of(spark).driverDevice(spark));
        tuner.requireEngine();
        output.createParent();
        Trained trained = train(context, data, labels, tuner);
        ModelBundle bundle = write(context, output, trained);
        report(context, output, bundle, trained);
    }

    /**
     * A network with all that its bundle says of it.
     *
     * @param labels rendered paths in the order of the network's outputs
     */
    private record Trained(
            PreparedManifest data,
            List<String> labels,
            Vocabulary vocabulary,
            DistilBertConfig network,
            FineTuned tuned,
            float temperature,
            AcceptThreshold threshold) {}

    private Trained train(JobContext context, PreparedData data, List<String> labels, FineTuner tuner) {
        PreparedManifest manifest = data.manifest();
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
        FineTuned tuned = tuner.fit(
                network,
                InitialWeights.random(network, labels.size(), settings.plan().seed()),
                settings.plan(),
                train,
                validation,
                new TrainingLines(context));
        float temperature = (float) Calibration.temperature(tuned.validationLogits(), validation.labels());
        AcceptThreshold threshold = ValidationConfidence.of(tuned.validationLogits(), validation.labels(), temperature)
                .acceptThreshold(settings.targetPrecision());
        return new Trained(manifest, labels, vocabulary, network, tuned, temperature, threshold);
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

    /** Writes the bundle aside, opens and so verifies it, and copies it to the output, its manifest last. */
    private ModelBundle write(JobContext context, Directory output, Trained trained) {
        Map<CategoryPath, CategoryPath> foldMap = new TreeMap<>();
        trained.data()
                .foldMap()
                .forEach((rare, label) -> foldMap.put(CategoryPath.parse(rare), CategoryPath.parse(label)));
        ModelDefinition model = ModelDefinition.distilBert(
                trained.data().recipe(),
                settings.maxTokens(),
                trained.labels().stream().map(CategoryPath::parse).toList(),
                foldMap,
                trained.network());
        try (TemporaryDirectory staging = TemporaryDirectory.create("aisle-train-")) {
            Path directory = staging.path().resolve("bundle");
            BundleWriter writer = BundleWriter.write(
                    directory, model, trained.vocabulary(), trained.tuned().weights(), trained.temperature());
            context.step("train: save the Spark NLP pipeline");
            SavedPipeline.save(
                    context,
                    SparkNlpPipeline.build(
                            context.spark(),
                            SentFile.send(context.spark(), writer.modelFile()),
                            trained.vocabulary().pieces(),
                            trained.labels().size(),
                            settings.maxTokens()),
                    directory,
                    output);
            ModelBundle bundle = writer.finish(
                    provenance(context, trained.data()),
                    metrics(trained.tuned(), trained.threshold()),
                    trained.threshold().threshold(),
                    trained.threshold().targetPrecision());
            output.copyFrom(directory, ModelManifest.FILE_NAME);
            return bundle;
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
                        "pytorch", FineTuner.engineVersion()));
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

    private static void report(JobContext context, Directory output, ModelBundle bundle, Trained trained) {
        EpochResult best = trained.tuned().best();
        AcceptThreshold threshold = trained.threshold();
        context.say(
                "best epoch %d: validation macro F1 %.4f, weighted F1 %.4f",
                best.epoch(), best.macroF1(), best.weightedF1());
        if (threshold.reached()) {
            context.say(
                    "temperature %.3f; accepting from confidence %.3f: precision %.3f on %.1f%% of the validation rows",
                    trained.temperature(), threshold.threshold(), threshold.precision(), 100 * threshold.coverage());
        } else {
            context.say(
                    "temperature %.3f; no threshold reaches precision %.2f on the validation rows: every prediction goes to review",
                    trained.temperature(), threshold.targetPrecision());
        }
        context.say("model bundle %s: %s", bundle.version(), output.uri());
    }
}
