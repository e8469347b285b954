package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.SeenInTraining;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.gpu.TorchProbe;
import io.aisle.batch.linear.LinearTrained;
import io.aisle.batch.linear.LinearTraining;
import io.aisle.batch.profile.Profile;
import io.aisle.batch.profile.ProfileBuilder;
import io.aisle.batch.reduced.Fitting;
import io.aisle.batch.reduced.ReducedTrained;
import io.aisle.batch.reduced.ReducedTraining;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.telemetry.Names;
import io.aisle.batch.train.frozen.FrozenTrained;
import io.aisle.batch.train.frozen.FrozenTraining;
import io.aisle.core.UserException;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.Calibration.AcceptThreshold;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.model.Provenance;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.TrainingSummary;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.training.EpochResult;
import io.aisle.training.FineTuned;
import io.aisle.training.ValidationScores;
import io.aisle.training.encoder.Encoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trains one kind of model and writes its bundle.
 *
 * <p>Words are counted and texts tokenized on the executors (one shuffle each); a network is trained by one task on one executor. What it
 * needs to go on after a kill lies in {@code .<output>-training} beside the output until the bundle is written.
 */
public final class BundleTraining {
    private final JobContext context;
    private final TrainSettings settings;
    private final Map<TrainSettings, ModelBundle> trained;

    public BundleTraining(JobContext context, TrainSettings settings) {
        this(context, settings, Map.of());
    }

    /**
     * Trains with what is trained already.
     *
     * @param trained bundles of the same data, by their settings, which what is made of such need not train again
     */
    public BundleTraining(JobContext context, TrainSettings settings, Map<TrainSettings, ModelBundle> trained) {
        this.context = context;
        this.settings = settings;
        this.trained = Map.copyOf(trained);
    }

    /**
     * Trains, and writes a bundle, with the network also as a saved Spark NLP pipeline in {@code spark-nlp/} where Spark NLP can save one.
     *
     * @param output where nothing is
     * @throws UserException for data without validation rows, and a label without a train row
     */
    public ModelBundle train(PreparedData data, Directory output) {
        List<String> labels = trainableLabels(data.manifest());
        output.createParent();
        Directory shared = NetworkTraining.shared(output);
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-train-")) {
            Path aside = work.path().resolve("bundle");
            Trained trained = fit(data, labels, shared, work.path());
            // written aside and opened, which verifies it, before it is copied to the output, its manifest last
            ModelBundle bundle = write(data, labels, trained, aside, predictions -> {
                trained.addExtras(context, aside, output);
                remember(data, aside, predictions);
            });
            output.copyFrom(aside, ModelManifest.FILE_NAME);
            shared.delete();
            context.say("model bundle %s: %s", bundle.version(), output.uri());
            return bundle;
        }
    }

    /**
     * Trains a member of a model that is made of several.
     *
     * @param labels each has a train row
     * @param shared where it keeps what it needs to go on after a kill
     * @param work a local directory
     */
    ModelBundle member(PreparedData data, List<String> labels, Directory shared, Path work) {
        Trained trained = fit(data, labels, shared, work);
        return write(data, labels, trained, work.resolve("bundle"), predictions -> {});
    }

    /** What reports compare catalogs and runs with. */
    private void remember(PreparedData data, Path directory, ProfileBuilder predictions) {
        context.step("train: remember words");
        try {
            SeenInTraining seen = SeenInTraining.read(data.rows(Split.TRAIN));
            seen.write(directory);
            Profile profile = predictions
                    .merge(ValidationProfile.texts(context.spark(), data.rows(Split.VALIDATION), seen))
                    .build();
            Files.writeString(directory.resolve(ModelBundle.PROFILE_FILE), profile.json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Trained fit(PreparedData data, List<String> labels, Directory shared, Path work) {
        return switch (settings.kind()) {
            case DISTILBERT, BAG -> fineTune(data, labels, shared);
            case DISTILBERT_FROZEN -> fitHead(data, labels);
            case LINEAR -> fitLinear(data, labels, work);
            case RANDOM_FOREST, XGBOOST, LIGHTGBM, MLP ->
                fitReduced(data, labels, settings.fitting().orElseThrow(), work);
            case STACK -> new StackTraining(settings, data, labels, members(shared, work)).train();
            case CASCADE -> new CascadeTraining(settings, members(shared, work)).train(data, labels);
        };
    }

    private Members members(Directory shared, Path work) {
        return new Members(context, trained, shared, work);
    }

    private ModelBundle write(
            PreparedData data,
            List<String> labels,
            Trained trained,
            Path directory,
            Consumer<ProfileBuilder> addExtras) {
        float[][] logits = trained.validationLogits();
        int[] truths = trained.validationLabels();
        Scaling scaling = settings.calibration().fit(logits, truths);
        ValidationConfidence before = ValidationConfidence.of(logits, truths, Scaling.NONE);
        ValidationConfidence after = ValidationConfidence.of(logits, truths, scaling);
        AcceptThreshold threshold = after.acceptThreshold(settings.targetPrecision());
        BundleWriter writer = trained.write(
                directory,
                data.manifest(),
                labels.stream().map(CategoryPath::parse).toList(),
                scaling);
        addExtras.accept(ValidationProfile.predictions(logits, scaling, labels, threshold.threshold()));
        ModelBundle bundle = writer.finish(
                provenance(data.manifest(), trained),
                metrics(trained, scaling, before.error(), after.error(), threshold),
                summary(data.manifest(), labels, trained, scaling, threshold),
                threshold.threshold(),
                threshold.targetPrecision());
        context.say(
                "validation ECE %.3f before calibration, %.3f after (%s)",
                before.error(), after.error(), scaling.inWords());
        report(scaling, threshold);
        return bundle;
    }

    private TrainedLinear fitLinear(PreparedData data, List<String> labels, Path work) {
        LinearTrained linear = LinearTraining.train(
                context,
                data,
                labels,
                weightOfLabel(data.manifest(), labels),
                settings.linear(),
                settings.plan().seed(),
                work);
        return new TrainedLinear(linear, settings.linear());
    }

    private TrainedReduced fitReduced(PreparedData data, List<String> labels, Fitting fitting, Path work) {
        ReducedTrained reduced = ReducedTraining.train(
                context,
                data,
                labels,
                weightOfLabel(data.manifest(), labels),
                settings.reduced(),
                fitting,
                settings.plan().seed(),
                work);
        return new TrainedReduced(reduced, settings.reduced(), fitting.libraries());
    }

    private double[] weightOfLabel(PreparedManifest manifest, List<String> labels) {
        Map<String, Long> rows = manifest.trainRows();
        return settings.loss()
                .classWeights()
                .of(labels.stream().mapToLong(rows::get).toArray());
    }

    private TrainedNetwork fitHead(PreparedData data, List<String> labels) {
        Encoder encoder = Start.encoder(context, "train", settings.encoder(), settings.maxTokens());
        FrozenTrained trained = FrozenTraining.train(
                context,
                encoder,
                encoder.fingerprint(),
                data,
                labels,
                weightOfLabel(data.manifest(), labels),
                settings.frozen(),
                settings.maxTokens());
        return new TrainedNetwork(
                trained.config(),
                encoder.vocabulary(),
                settings.maxTokens(),
                trained.weights(),
                trained.validationLogits(),
                trained.validationLabels(),
                Metrics.of(trained.scores().metrics(), trained.scores().loss()),
                trained.chosen(),
                List.of(),
                Map.of());
    }

    private TrainedNetwork fineTune(PreparedData data, List<String> labels, Directory shared) {
        String engine = TorchProbe.version(context.spark().sparkContext());
        Optional<Teacher> teacher = settings.teacher().map(uri -> Teacher.open(context.spark(), uri, labels));
        Optional<Unlabelled> unlabelled =
                settings.unlabelled().map(uri -> Unlabelled.of(PreparedData.open(context.spark(), uri), data, uri));
        Start start = Start.of(context, data, settings, labels.size());
        long trainRows = data.manifest().rows().get(Split.TRAIN.key());
        context.stepWithSpeakingTask("train: fine-tune");
        context.say(
                "training %,d rows of %d classes, up to %d epochs",
                trainRows, labels.size(), settings.plan().epochs());
        unlabelled.ifPresent(more -> context.say("and on %,d rows of which the teacher alone speaks", more.count()));
        FineTuned tuned = NetworkTraining.run(
                context,
                new FineTuning(
                        start.config(), settings.plan(), settings.loss(), fingerprint(start, teacher, unlabelled)),
                start.weights(),
                labels.size(),
                settings.threads(),
                settings.checkpointSteps(),
                tokenized(data, labels, start, teacher, unlabelled),
                shared);
        EpochResult best = tuned.best();
        context.say(
                "best epoch %d: validation macro F1 %.4f, weighted F1 %.4f",
                best.epoch(), best.metrics().get("macro_f1"), best.metrics().get("weighted_f1"));
        return new TrainedNetwork(
                start.config(),
                start.vocabulary(),
                settings.maxTokens(),
                tuned.weights(),
                tuned.validationLogits(),
                tuned.validationLabels(),
                Metrics.of(best.metrics(), best.validationLoss()),
                Map.of("best_epoch", Integer.toString(best.epoch())),
                tuned.history().stream()
                        .map(epoch -> new TrainingSummary.Epoch(
                                epoch.epoch(), epoch.trainLoss(), epoch.validationLoss(), epoch.metrics()))
                        .toList(),
                Map.of("pytorch", engine));
    }

    /** Of everything that the result depends on beside plan, loss and sizes: a checkpoint of another one is refused. */
    private static String fingerprint(Start start, Optional<Teacher> teacher, Optional<Unlabelled> unlabelled) {
        return start.fingerprint()
                + teacher.map(given -> " " + given.version()).orElse("")
                + unlabelled.map(given -> " " + given.fingerprint()).orElse("");
    }

    private Dataset<Row> tokenized(
            PreparedData data,
            List<String> labels,
            Start start,
            Optional<Teacher> teacher,
            Optional<Unlabelled> unlabelled) {
        PreparedManifest manifest = data.manifest();
        Dataset<Row> train = data.rows(Split.TRAIN);
        long rows = manifest.rows().get(Split.TRAIN.key());
        if (unlabelled.isPresent()) {
            train = train.unionByName(unlabelled.get().rows());
            rows += unlabelled.get().count();
        }
        int[] order = teacher.map(Teacher::order).orElse(new int[0]);
        Dataset<Row> answered = train;
        if (teacher.isPresent()) {
            answered = teacher.get().answers(train, rows);
        }
        return TokenizedRows.of(
                        answered,
                        Split.TRAIN,
                        manifest.recipe(),
                        start.vocabulary(),
                        settings.maxTokens(),
                        labels,
                        order)
                .unionByName(TokenizedRows.of(
                        data.rows(Split.VALIDATION),
                        Split.VALIDATION,
                        manifest.recipe(),
                        start.vocabulary(),
                        settings.maxTokens(),
                        labels,
                        new int[0]));
    }

    /** Every label of the prepared data, sorted; each has a train row. */
    private List<String> trainableLabels(PreparedManifest manifest) {
        List<String> untrainable = manifest.classesWithout(Split.TRAIN);
        if (!untrainable.isEmpty()) {
            throw new UserException("Cannot train on " + settings.data() + ": found no train row for "
                    + untrainable.size() + " of " + manifest.classes().size() + " labels, expected at least one each: "
                    + Names.some(untrainable)
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
        return manifest.labels();
    }

    private Provenance provenance(PreparedManifest data, Trained trained) {
        Map<String, String> parameters = new TreeMap<>(settings.asText());
        parameters.putAll(trained.chosen());
        data.settings().forEach((name, value) -> parameters.put("prepare." + name, value));
        Map<String, String> libraries = new TreeMap<>(trained.libraries());
        libraries.put("spark", context.spark().version());
        libraries.put("java", Runtime.version().toString());
        return Provenance.of(data.fingerprint(), Map.of("train", settings.plan().seed()), parameters, libraries);
    }

    private TrainingSummary summary(
            PreparedManifest data, List<String> labels, Trained trained, Scaling scaling, AcceptThreshold threshold) {
        Map<String, Long> rows = data.trainRows();
        return TrainingSummary.of(
                data.rows(),
                labels.stream().map(rows::get).toList(),
                ValidationIntervals.of(
                        trained.validationLogits(),
                        trained.validationLabels(),
                        scaling,
                        threshold,
                        settings.plan().seed()),
                trained.epochs());
    }

    private static Map<String, Double> metrics(
            Trained trained, Scaling scaling, double errorBefore, double errorAfter, AcceptThreshold threshold) {
        Map<String, Double> metrics = new TreeMap<>();
        trained.metrics().forEach((name, value) -> metrics.put(Metrics.OF_VALIDATION + name, value));
        if (scaling.isByLabel()) {
            // it may have changed which label is the likeliest
            float[][] scaled =
                    Arrays.stream(trained.validationLogits()).map(scaling::of).toArray(float[][]::new);
            ValidationScores.of(scaled, trained.validationLabels())
                    .metrics()
                    .forEach((name, value) -> metrics.put(Metrics.OF_VALIDATION + name, value));
        }
        metrics.put("validation_ece_before", errorBefore);
        metrics.put("validation_ece_after", errorAfter);
        metrics.put("validation_accepted_precision", threshold.precision());
        metrics.put("validation_accepted_share", threshold.coverage());
        return metrics;
    }

    private void report(Scaling scaling, AcceptThreshold threshold) {
        if (threshold.reached()) {
            context.say(
                    "temperature %.3f; accepting from confidence %.3f: precision %.3f on %.1f%% of the validation rows",
                    scaling.temperature(), threshold.threshold(), threshold.precision(), 100 * threshold.coverage());
        } else {
            context.say(
                    "temperature %.3f; no threshold reaches precision %.2f on the validation rows: every prediction goes to review",
                    scaling.temperature(), threshold.targetPrecision());
        }
    }
}
