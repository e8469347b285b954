package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.core.UserException;
import io.aisle.core.model.CascadeDefinition;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Prediction;
import io.aisle.core.model.Softmax;
import io.aisle.core.onnx.Device;
import io.aisle.core.product.Product;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A cascade of a linear classifier that is held back, so that there are rows to send on, and a bag. */
@TestInstance(Lifecycle.PER_CLASS)
class CascadeTrainingTest {
    /** Of linear, alone and in the cascade. */
    private static final List<String> HELD_BACK =
            List.of("--set", "train.linear.max-characters=0", "--set", "train.linear.max-features=200");

    @TempDir
    static Path temporary;

    private AisleRun run;
    private ModelBundle bundle;
    private CascadeDefinition cascade;

    @BeforeAll
    void trainOnce() {
        run = train("cascade", "--kind", "cascade", "--epochs", "8");
        bundle = ModelBundle.open(temporary.resolve("cascade"));
        cascade = (CascadeDefinition) bundle.manifest().model();
    }

    @Test
    void saysWhatItChoseAndWhatItComesTo() {
        Map<String, Double> metrics = bundle.manifest().metrics();
        double linear = metrics.get("validation_cascade_linear_accuracy");
        double network = metrics.get("validation_cascade_network_accuracy");

        assertThat(cascade.threshold()).isBetween(0.01, 0.99);
        assertThat(metrics.get("validation_cascade_sent_share")).isBetween(0.05, 0.95);
        assertThat(network).isGreaterThan(linear + 0.05);
        assertThat(metrics.get("validation_accuracy")).isGreaterThanOrEqualTo(network - 0.002);
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("kind", "cascade")
                .containsEntry("cascade_network", "bag")
                .containsEntry("cascade_target", "0.002")
                .containsEntry("cascade_threshold", Double.toString(cascade.threshold()))
                .containsEntry("linear_max_features", "200")
                .containsEntry("encoder", "bag")
                .containsEntry("epochs", "8")
                .containsKey("best_epoch");
        assertThat(bundle.manifest().provenance().libraries()).containsKey("pytorch");
        assertThat(run.out())
                .contains(String.format(
                        "validation accuracy: linear %.4f, bag %.4f, cascade %.4f%n",
                        linear, network, metrics.get("validation_accuracy")))
                .contains(String.format(
                        "threshold %.4f: %.1f%% of the validation rows go to the network%n",
                        cascade.threshold(), 100 * metrics.get("validation_cascade_sent_share")));
    }

    /** On executors, where the files of both lie in directories below that of the bundle. */
    @Test
    void linearAnswersWhatItIsSureOfAndTheNetworkTheRest() {
        PreparedData data =
                PreparedData.open(TestSession.get(), TrainedBundle.prepared().toString());
        List<Row> rows = Scoring.open(TestSession.get(), bundle, Engine.ONNX)
                .withProbabilities(data.rows(Split.TEST), data.manifest().rows().get(Split.TEST.key()))
                .collectAsList();
        int sent = 0;
        try (Classifier first = cascade.first().open(bundle.directory().resolve("first"), 1, Device.CPU);
                Classifier second = cascade.second().open(bundle.directory().resolve("second"), 1, Device.CPU)) {
            for (Row row : rows) {
                Product product = ProductRows.product(row);
                float[] logits = first.logits(List.of(product)).get(0);
                if (Softmax.greatest(logits) < cascade.threshold()) {
                    sent++;
                    logits = second.logits(List.of(product)).get(0);
                }
                assertThat(Scoring.probabilities(row))
                        .as(product.title())
                        .containsExactly(Softmax.of(cascade.scaling().of(logits)), within(1e-5f));
            }
        }
        assertThat(sent).isBetween(1, rows.size() - 1);
    }

    /** The bundle's linear is what train makes of that kind, validation rows and all; the one the threshold was chosen for is not. */
    @Test
    void linearGoesOnWithTheValidationRowsOnceTheThresholdIsChosen() {
        train("linear", "--kind", "linear");
        train("without", "--kind", "linear", "--set", "train.linear.refit=false");
        ModelBundle linear = ModelBundle.open(temporary.resolve("linear"));
        ModelBundle without = ModelBundle.open(temporary.resolve("without"));
        String weights = "linear/data.npy";

        assertThat(cascade.first()).isEqualTo(linear.manifest().model());
        assertThat(bundle.manifest().files().get("first/" + weights))
                .isEqualTo(linear.manifest().files().get(weights))
                .isNotEqualTo(without.manifest().files().get(weights));
        assertThat(bundle.manifest().metrics().get("validation_cascade_linear_accuracy"))
                .isCloseTo(validationAccuracy(without), within(1e-9));
    }

    private static double validationAccuracy(ModelBundle bundle) {
        PreparedData data =
                PreparedData.open(TestSession.get(), TrainedBundle.prepared().toString());
        long rows = data.manifest().rows().get(Split.VALIDATION.key());
        MemberAnswers answers = MemberAnswers.of(
                List.of(bundle),
                data.rows(Split.VALIDATION),
                rows,
                data.manifest().labels());
        int right = 0;
        for (int row = 0; row < rows; row++) {
            right += Prediction.mostProbable(answers.logits()[0][row], 1)[0] == answers.labels()[row] ? 1 : 0;
        }
        return (double) right / rows;
    }

    @Test
    void theNetworkIsTrainedOnceAndNoCheckpointStays() {
        assertThat(run.out()).containsOnlyOnce("best epoch ");
        assertThat(temporary.resolve(".cascade-training")).doesNotExist();
    }

    @Test
    void noRowIsSentWhereLinearIsGoodEnough() {
        AisleRun all = train("all", "--kind", "cascade", "--epochs", "1", "--cascade-target", "1");

        ModelBundle bundle = ModelBundle.open(temporary.resolve("all"));
        assertThat(all.out()).contains("linear alone is not worse: no row goes to the network");
        assertThat(((CascadeDefinition) bundle.manifest().model()).threshold()).isZero();
        assertThat(bundle.manifest().metrics()).containsEntry("validation_cascade_sent_share", 0.0);
    }

    @Test
    void refusesSparkNlp() {
        assertThatThrownBy(() -> Scoring.open(TestSession.get(), bundle, Engine.SPARK_NLP))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("of kind cascade, expected one with a network");
    }

    @Test
    void refusesANetworkThatIsNone() {
        List<String> command = command("never", "--kind", "cascade");
        command.addAll(List.of("--set", "train.cascade.network=mlp"));

        AisleRun refused = AisleRun.of(command);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("train.cascade.network: found mlp, expected one of distilbert, distilbert-frozen, bag");
    }

    @Test
    void dryRunTellsTheSteps() {
        List<String> command = command("never", "--kind", "cascade");
        command.add("--dry-run");

        assertThat(AisleRun.succeeding(command.toArray(String[]::new)).out())
                .contains("train linear and bag")
                .contains("lose no more accuracy than 0.002 against the better one");
    }

    private static AisleRun train(String name, String... options) {
        return AisleRun.succeeding(command(name, options).toArray(String[]::new));
    }

    private static List<String> command(String name, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "train",
                "--data",
                TrainedBundle.prepared().toString(),
                "--max-tokens",
                "32",
                "--set",
                "train.vocabulary-size=1000",
                "--set",
                "train.threads=1",
                "--set",
                "train.cascade.network=bag",
                "--output",
                temporary.resolve(name).toString()));
        command.addAll(HELD_BACK);
        command.addAll(List.of(options));
        return command;
    }
}
