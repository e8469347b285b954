package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertGraph;
import io.aisle.core.onnx.OnnxNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxAgreementTest {
    private static final int LABELS = 4;

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void onnxRuntimeGivesTheLogProbabilitiesThatTrainingSaw(Pooling pooling, @TempDir Path folder) throws IOException {
        DistilBertConfig config = new DistilBertConfig(50, 24, 32, 2, 4, 64, pooling);
        TokenRows train = examples(160, 1);
        TokenRows validation = examples(40, 2);
        TrainingPlan plan = Plans.of(3, 16, 3e-3, 1).plan();

        FineTuned tuned = new FineTuner(1)
                .fit(
                        config,
                        InitialWeights.random(config, LABELS, 1),
                        plan,
                        Plans.PLAIN,
                        train,
                        validation,
                        Checkpoints.NONE,
                        "",
                        ProgressListener.SILENT);

        Path file = folder.resolve("model.onnx");
        Files.write(file, DistilBertGraph.build(config, tuned.weights(), 1f).toByteArray());
        try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
            float[][] found = network.logits(List.of(validation.sequences()));
            for (int row = 0; row < validation.size(); row++) {
                assertThat(found[row]).containsExactly(logSoftmax(tuned.validationLogits()[row]), within(1e-5f));
            }
        }
        assertThat(tuned.best().trainLoss()).isLessThan(Math.log(LABELS));
    }

    /** Sequences of 3 to 20 tokens; the label is told by one of them. */
    private static TokenRows examples(int rows, long seed) {
        Random random = new Random(seed);
        int[][] tokenIds = new int[rows][];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = random.nextInt(LABELS);
            tokenIds[row] = random.ints(3 + random.nextInt(18), 10, 50).toArray();
            tokenIds[row][1 + random.nextInt(tokenIds[row].length - 2)] = 5 + labels[row];
        }
        return new TokenRows(tokenIds, labels, LABELS);
    }

    private static float[] logSoftmax(float[] logits) {
        float[] result = new float[logits.length];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        for (int i = 0; i < logits.length; i++) {
            result[i] = (float) (logits[i] - Math.log(sum));
        }
        return result;
    }
}
