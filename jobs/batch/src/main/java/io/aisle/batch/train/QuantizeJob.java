package io.aisle.batch.train;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.SeenInTraining;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.profile.ProfileBuilder;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.batch.telemetry.Names;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.Calibration.AcceptThreshold;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.model.Precision;
import io.aisle.core.model.Prediction;
import io.aisle.core.model.Provenance;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.TrainingSummary;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import io.aisle.core.settings.Settings;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.training.ValidationScores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A bundle whose networks compute in int8 or float16, made of one that computes in float32: faster where the processor or the GPU has
 * instructions for it.
 *
 * <p>Reads a bundle and what prepare wrote, of which the validation rows fix the scales of int8, measure both, and give the accept threshold
 * anew.
 * Writes a bundle of its own to {@code <output>}. Refuses, and writes nothing, where more accuracy is lost than allowed.
 *
 * <p>Scores the validation rows twice; the scores of both come to the driver.
 */
public final class QuantizeJob implements Job {
    public static final Command COMMAND = new Command(
            "quantize",
            "Makes a bundle's networks compute in int8 or float16, where that costs next to no accuracy.",
            QuantizeSettings.OPTIONS,
            settings -> new QuantizeJob(QuantizeSettings.read(settings)));

    private final QuantizeSettings settings;

    private QuantizeJob(QuantizeSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        List<String> steps = new ArrayList<>();
        steps.add("open and verify the model bundle " + settings.model());
        if (hasScales()) {
            steps.add("fix the scales of its networks by up to " + settings.scaleRows() + " validation rows of "
                    + settings.data());
        }
        steps.add("score all validation rows of " + settings.data() + " in float32 and in " + precision()
                + ", and refuse a loss of more than " + settings.maxLoss() + " points of accuracy");
        steps.add("write the model bundle " + settings.output());
        return steps;
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("a model bundle");
        ModelBundle source = StoredBundle.open(ModelLocation.resolve(context.spark(), settings.model()))
                .bundle();
        PreparedData data = PreparedData.open(context.spark(), settings.data());
        Dataset<Row> validation = validation(source, data);
        output.createParent();
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-quantize-")) {
            context.step("quantize: make networks of " + precision());
            ModelBundle unmeasured = quantized(
                    source,
                    hasScales() ? texts(validation) : List.of(),
                    work.path().resolve("bundle"));
            context.step("quantize: score validation rows");
            MemberAnswers answers = MemberAnswers.of(
                    List.of(source, unmeasured), validation, validation.count(), labels(source.labels()));
            Loss loss = Loss.of(answers);
            context.say("%s", loss.inWords(precision()));
            if (!(loss.points() <= settings.maxLoss())) {
                throw new RefusedException(String.format(
                        Locale.ROOT,
                        "Cannot quantise %s: found %.2f points of validation accuracy lost, expected at most %s."
                                + " Nothing was written: go on with float32, or raise --max-loss.",
                        settings.model(),
                        loss.points(),
                        settings.maxLoss()));
            }
            context.step("quantize: write");
            ModelBundle measured = measured(context, source, unmeasured, validation, answers, loss);
            output.copyFrom(measured.directory(), ModelManifest.FILE_NAME);
            context.say("model bundle %s: %s", measured.version(), output.uri());
        }
    }

    /** The rows to measure by. */
    private Dataset<Row> validation(ModelBundle source, PreparedData data) {
        if (!data.manifest().recipe().equals(source.recipe())) {
            throw new UserException(
                    "Cannot quantise " + settings.model() + " by " + settings.data()
                            + ": found data of another recipe, expected that of the bundle. Give the data that it was trained on.");
        }
        TreeSet<String> unknown = new TreeSet<>(data.manifest().labels());
        labels(source.labels()).forEach(unknown::remove);
        if (!unknown.isEmpty() || data.manifest().rows().get(Split.VALIDATION.key()) == 0) {
            throw new UserException("Cannot quantise " + settings.model() + " by " + settings.data() + ": found "
                    + (unknown.isEmpty() ? "no validation row" : "labels it does not know: " + Names.some(unknown))
                    + ", expected validation rows of its labels. Give the data that it was trained on.");
        }
        return data.rows(Split.VALIDATION);
    }

    private boolean hasScales() {
        return settings.precision() == Precision.INT8;
    }

    private String precision() {
        return Settings.choiceName(settings.precision());
    }

    private static List<String> labels(List<CategoryPath> labels) {
        return labels.stream().map(CategoryPath::toString).toList();
    }

    /** The same rows whatever their partitions. */
    private List<Product> texts(Dataset<Row> validation) {
        return validation
                .dropDuplicates("content_hash")
                .orderBy(col("content_hash"))
                .limit(settings.scaleRows())
                .collectAsList()
                .stream()
                .map(ProductRows::product)
                .toList();
    }

    /** With the metrics of its source, to be scored with. */
    private ModelBundle quantized(ModelBundle source, List<Product> texts, Path directory) {
        ModelManifest manifest = source.manifest();
        return BundleWriter.quantized(directory, source, settings.precision(), texts)
                .finish(
                        manifest.provenance(),
                        manifest.metrics(),
                        manifest.training(),
                        manifest.acceptThreshold(),
                        manifest.targetPrecision());
    }

    /** With metrics, threshold and profile of its own. */
    private ModelBundle measured(
            JobContext context,
            ModelBundle source,
            ModelBundle unmeasured,
            Dataset<Row> validation,
            MemberAnswers answers,
            Loss loss) {
        float[][] logits = answers.logits()[1];
        int[] truths = answers.labels();
        ModelManifest manifest = source.manifest();
        ValidationConfidence confidence = ValidationConfidence.of(logits, truths, Scaling.NONE);
        AcceptThreshold threshold = confidence.acceptThreshold(manifest.targetPrecision());
        Map<String, Double> metrics = new TreeMap<>(manifest.metrics());
        ValidationScores.of(logits, truths)
                .metrics()
                .forEach((name, value) -> metrics.put(Metrics.OF_VALIDATION + name, value));
        metrics.put("validation_ece_after", confidence.error());
        metrics.put("validation_accepted_precision", threshold.precision());
        metrics.put("validation_accepted_share", threshold.coverage());
        metrics.put(precision() + "_accuracy_points_lost", loss.points());
        metrics.put(precision() + "_same_category", loss.same());
        TrainingSummary training = manifest.training();
        remember(context, source, unmeasured.directory(), validation, logits, threshold);
        return BundleWriter.reopen(unmeasured)
                .finish(
                        provenance(source),
                        metrics,
                        TrainingSummary.of(
                                training.rows(),
                                training.trainRows(),
                                ValidationIntervals.of(logits, truths, Scaling.NONE, threshold, settings.seed()),
                                training.epochs()),
                        threshold.threshold(),
                        threshold.targetPrecision());
    }

    private Provenance provenance(ModelBundle source) {
        Provenance before = source.manifest().provenance();
        Map<String, String> parameters = new TreeMap<>(before.parameters());
        parameters.put("quantized_from", source.version());
        if (hasScales()) {
            parameters.put("quantize_scale_rows", Integer.toString(settings.scaleRows()));
        }
        return Provenance.of(before.dataFingerprint(), before.seeds(), parameters, before.libraries());
    }

    private static void remember(
            JobContext context,
            ModelBundle source,
            Path directory,
            Dataset<Row> validation,
            float[][] logits,
            AcceptThreshold threshold) {
        Optional<SeenInTraining> seen = SeenInTraining.of(source);
        if (seen.isEmpty()) {
            return;
        }
        ProfileBuilder profile = ValidationProfile.predictions(
                        logits, Scaling.NONE, labels(source.labels()), threshold.threshold())
                .merge(ValidationProfile.texts(context.spark(), validation, seen.get()));
        try {
            Files.writeString(
                    directory.resolve(ModelBundle.PROFILE_FILE), profile.build().json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a lower precision costs on validation rows.
     *
     * @param accuracy of float32
     * @param accuracyLower of the lower precision
     * @param same share of the rows to which both give the same category
     */
    private record Loss(double accuracy, double accuracyLower, double same) {
        static Loss of(MemberAnswers answers) {
            int rows = answers.labels().length;
            int right = 0;
            int rightLower = 0;
            int same = 0;
            for (int row = 0; row < rows; row++) {
                int answer = Prediction.mostProbable(answers.logits()[0][row], 1)[0];
                int answerLower = Prediction.mostProbable(answers.logits()[1][row], 1)[0];
                right += answer == answers.labels()[row] ? 1 : 0;
                rightLower += answerLower == answers.labels()[row] ? 1 : 0;
                same += answer == answerLower ? 1 : 0;
            }
            return new Loss((double) right / rows, (double) rightLower / rows, (double) same / rows);
        }

        double points() {
            return 100 * (accuracy - accuracyLower);
        }

        String inWords(String precision) {
            return String.format(
                    Locale.ROOT,
                    "validation accuracy: float32 %.4f, %s %.4f, %.2f points lost; the same category on %.2f%% of the rows",
                    accuracy,
                    precision,
                    accuracyLower,
                    points(),
                    100 * same);
        }
    }
}
