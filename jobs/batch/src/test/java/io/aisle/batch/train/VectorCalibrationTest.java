package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.core.metric.Acceptance;
import io.aisle.core.metric.CalibrationError;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Prediction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle with scales and offsets says of the validation rows what train said of them. */
class VectorCalibrationTest {
    @TempDir
    Path temporary;

    @Test
    void aNetworkHasThemInItsGraphForBothEngines() {
        ModelBundle bundle = train("bag", "--epochs", "6", "--set", "train.vocabulary-size=1000");

        assertSaysWhatTrainSaid(bundle, Engine.ONNX);
        assertSaysWhatTrainSaid(bundle, Engine.SPARK_NLP);
    }

    @Test
    void linearHasThemAfterItsLevels() {
        // the bundle's weights are those that validation was scored by
        assertSaysWhatTrainSaid(
                train("linear", "--set", "train.linear.refit=false", "--set", "train.linear.min-weight=0"),
                Engine.ONNX);
    }

    @Test
    void treesHaveThemOnTheirLogits() {
        assertSaysWhatTrainSaid(
                train(
                        "random-forest",
                        "--set",
                        "train.random-forest.trees=5",
                        "--set",
                        "train.random-forest.depth=6",
                        "--set",
                        "train.reduced.features=100"),
                Engine.ONNX);
    }

    @Test
    void aPerceptronHasThemOnItsLogits() {
        assertSaysWhatTrainSaid(
                train(
                        "mlp",
                        "--set",
                        "train.mlp.hidden=[8]",
                        "--set",
                        "train.mlp.max-iterations=20",
                        "--set",
                        "train.reduced.features=100"),
                Engine.ONNX);
    }

    private ModelBundle train(String kind, String... options) {
        Path output = temporary.resolve(kind);
        List<String> command = new ArrayList<>(List.of(
                "train",
                "--kind",
                kind,
                "--calibration",
                "vector",
                "--set",
                "train.vector-penalty=2",
                "--set",
                "train.target-precision=0.6",
                "--set",
                "train.threads=1",
                "--max-tokens",
                "32",
                "--data",
                TrainedBundle.prepared().toString(),
                "--output",
                output.toString()));
        command.addAll(List.of(options));

        AisleRun run = AisleRun.succeeding(command.toArray(String[]::new));

        assertThat(run.out())
                .containsPattern(
                        "validation ECE 0\\.\\d{3} before calibration, 0\\.\\d{3} after"
                                + " \\(temperature \\d+\\.\\d{3}, scales \\d+\\.\\d\\d to \\d+\\.\\d\\d, offsets -\\d+\\.\\d\\d to");
        ModelBundle bundle = ModelBundle.open(output);
        assertThat(bundle.manifest().scaling().scales()).hasSameSizeAs(bundle.labels());
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("calibration", "vector")
                .containsEntry("vector_penalty", "2.0");
        return bundle;
    }

    private static void assertSaysWhatTrainSaid(ModelBundle bundle, Engine engine) {
        PreparedData data =
                PreparedData.open(TestSession.get(), TrainedBundle.prepared().toString());
        List<Row> scored = Scoring.open(TestSession.get(), bundle, engine)
                .withProbabilities(
                        data.rows(Split.VALIDATION), data.manifest().rows().get(Split.VALIDATION.key()))
                .collectAsList();
        CalibrationError error = new CalibrationError();
        Acceptance all = new Acceptance();
        Acceptance accepted = new Acceptance();
        for (Row row : scored) {
            float[] probabilities = Scoring.probabilities(row);
            int best = Prediction.mostProbable(probabilities, 1)[0];
            boolean isRight = bundle.labels().get(best).toString().equals(row.<String>getAs("label"));
            error.add(probabilities[best], isRight);
            all.add(true, isRight);
            // engines differ in the last digits, and the threshold is a row's confidence
            accepted.add(probabilities[best] >= bundle.manifest().acceptThreshold() - 1e-4, isRight);
        }
        assertThat(bundle.manifest().metrics().get("validation_ece_after")).isEqualTo(error.error(), within(1e-4));
        assertThat(bundle.manifest().metrics().get("validation_accuracy")).isEqualTo(all.precision(), within(1e-9));
        assertThat(bundle.manifest().metrics().get("validation_accepted_share"))
                .isGreaterThan(0)
                .isEqualTo(accepted.share(), within(1e-9));
        assertThat(bundle.manifest().metrics().get("validation_ece_before")).isNotCloseTo(error.error(), within(1e-3));
    }
}
