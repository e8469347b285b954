package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassificationTest {
    private static final int LABELS = 3;
    private static final int[] ALL_ROWS = {0, 1, 2};
    private static final float[][] TEACHER = {{-0.1f, -3, -4}, {-2, -0.3f, -2.5f}, {-1.1f, -1.1f, -1.1f}};
    private static final DistilBertConfig CONFIG = new DistilBertConfig(12, 8, 8, 1, 2, 16, Pooling.MEAN);

    @TempDir
    private Path folder;

    @Test
    void lossIsThatOfHandCalculation() {
        // two rows of label 0, one of label 2: inverse weights are 3 / 4 and 3 / 2
        double[] weights = {0.75, 0.75, 1.5};
        int[] labels = {0, 0, 2};
        double smoothing = 0.1;

        try (Opened opened =
                new Opened(examples(labels, false), new ClassificationLoss(smoothing, ClassWeights.INVERSE, 1, 0.5))) {
            double expected = 0;
            float[] logits = opened.logits();
            for (int row = 0; row < 3; row++) {
                double[] log = logSoftmax(logits, row, 1);
                for (int label = 0; label < LABELS; label++) {
                    double target = smoothing / LABELS + (label == labels[row] ? 1 - smoothing : 0);
                    expected -= weights[row] * target * log[label] / 3;
                }
            }

            assertThat(opened.loss()).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void teacherHasItsShareAndAllOfTheRowsWithoutALabel() {
        int[] labels = {0, Examples.UNLABELLED, 2};
        double temperature = 2;

        try (Opened opened =
                new Opened(examples(labels, true), new ClassificationLoss(0, ClassWeights.NONE, temperature, 0.7))) {
            double expected = 0;
            float[] logits = opened.logits();
            for (int row = 0; row < 3; row++) {
                double[] hard = logSoftmax(logits, row, 1);
                double[] soft = logSoftmax(logits, row, temperature);
                double[] teacher = logSoftmax(TEACHER[row], 0, temperature);
                for (int label = 0; label < LABELS; label++) {
                    expected -= label == labels[row] ? 0.3 * hard[label] / 3 : 0;
                    expected -= 0.7 * temperature * temperature * Math.exp(teacher[label]) * soft[label] / 3;
                }
            }

            assertThat(opened.loss()).isCloseTo(expected, within(1e-5));
        }
    }

    private TokenFile examples(int[] labels, boolean hasTeacher) {
        int[][] tokens = {{2, 5, 6, 7, 3}, {2, 9, 3}, {2, 5, 11, 3}};
        try (TokenFile.Writer writer = TokenFile.write(folder.resolve("tokens"), LABELS)) {
            for (int row = 0; row < 3; row++) {
                writer.add(tokens[row], labels[row], hasTeacher ? TEACHER[row] : new float[0]);
            }
            return writer.open();
        }
    }

    private static double[] logSoftmax(float[] logits, int row, double temperature) {
        double sum = 0;
        for (int label = 0; label < LABELS; label++) {
            sum += Math.exp(logits[row * LABELS + label] / temperature);
        }
        double[] log = new double[LABELS];
        for (int label = 0; label < LABELS; label++) {
            log[label] = logits[row * LABELS + label] / temperature - Math.log(sum);
        }
        return log;
    }

    /** A network of large weights, so that its answers differ, without dropout. */
    private static final class Opened implements AutoCloseable {
        private final TorchEngine engine = TorchEngine.open(1, Device.CPU);
        private final NDManager manager = engine.newManager();
        private final DistilBertNetwork network;
        private final Examples train;
        private final Classification objective;

        Opened(Examples train, ClassificationLoss loss) {
            this.train = train;
            var weights = InitialWeights.random(CONFIG, LABELS, 1);
            weights.forEach((name, tensor) -> {
                for (int i = 0; i < tensor.values().length && !WeightNames.isLayerNorm(name); i++) {
                    tensor.values()[i] *= 20;
                }
            });
            network = new DistilBertNetwork(manager, CONFIG, weights, name -> true, 0, Precision.FLOAT32);
            objective = new Classification(manager, network, loss, train, train);
        }

        float[] logits() {
            try (NDManager step = manager.newSubManager()) {
                PaddedBatch batch = PaddedBatch.of(train, ALL_ROWS);
                return network.logits(batch.ids(step), batch.mask(step), false).toFloatArray();
            }
        }

        double loss() {
            try (NDManager step = manager.newSubManager()) {
                return objective.loss(step, ALL_ROWS, 1).mean().getFloat();
            }
        }

        @Override
        public void close() {
            manager.close();
            engine.close();
        }
    }
}
