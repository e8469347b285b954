package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DistilBertNetworkTest {
    private static final int LABELS = 3;
    private static final int[][] SEQUENCES = {{2, 5, 6, 7, 8, 3}, {2, 9, 3}, {2, 5, 3, 11}};
    private static final int[] ALL_ROWS = {0, 1, 2};

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void givesTheSameLogitsToARowAloneAndBesideLongerOnes(Pooling pooling) {
        DistilBertConfig config = config(pooling);
        try (Opened opened = new Opened(config, 0.5f)) {
            float[] together = opened.logits(ALL_ROWS, false);
            float[] alone = opened.logits(new int[] {1}, false);

            assertThat(Arrays.copyOfRange(together, LABELS, 2 * LABELS)).containsExactly(alone, within(1e-6f));
        }
    }

    @Test
    void dropsValuesOnlyInTraining() {
        try (Opened opened = new Opened(config(Pooling.MEAN), 0.5f)) {
            assertThat(opened.logits(ALL_ROWS, false)).isEqualTo(opened.logits(ALL_ROWS, false));
            assertThat(opened.logits(ALL_ROWS, true)).isNotEqualTo(opened.logits(ALL_ROWS, true));
        }
    }

    @ParameterizedTest
    @MethodSource("everyWeight")
    void hasTheGradientThatFiniteDifferencesGive(String name) {
        DistilBertConfig oneLayer = new DistilBertConfig(12, 8, 8, 1, 2, 16, Pooling.CLS_AND_MEAN);
        try (Opened opened = new Opened(oneLayer, 0f)) {
            GradientCheck.check(opened.network.weight(name), opened.gradient(name), opened::loss);
        }
    }

    static Stream<String> everyWeight() {
        return DistilBertWeights.shapes(new DistilBertConfig(12, 8, 8, 1, 2, 16, Pooling.MEAN), LABELS)
                .keySet()
                .stream();
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void leavesNoNativeArrayBehindAfterAStep(Precision precision) {
        try (Opened opened = new Opened(config(Pooling.CLS), 0.1f, precision)) {
            opened.gradient("classifier.bias");
            int before = opened.manager.getManagedArrays().size();
            for (int i = 0; i < 5; i++) {
                opened.gradient("classifier.bias");
            }

            assertThat(opened.manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void computesInFloat16InTrainingAlone() {
        float[] logits;
        SortedMap<String, float[]> gradients;
        try (Opened full = new Opened(config(Pooling.CLS_AND_MEAN), 0f)) {
            logits = full.logits(ALL_ROWS, false);
            gradients = full.gradients();
        }
        try (Opened half = new Opened(config(Pooling.CLS_AND_MEAN), 0f, Precision.FLOAT16)) {
            assertThat(half.logits(ALL_ROWS, false)).isEqualTo(logits);
            assertThat(half.logits(ALL_ROWS, true)).isNotEqualTo(logits).containsExactly(logits, within(0.05f));
            SortedMap<String, float[]> found = half.gradients();
            // 0 but for rounding: what is added to all scores of a row changes no share
            gradients.keySet().removeIf(name -> name.endsWith("k_lin.bias"));
            gradients.forEach((name, gradient) -> assertThat(found.get(name))
                    .as(name)
                    .isNotEqualTo(gradient)
                    .containsExactly(gradient, within(0.05f * largest(gradient))));
        }
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static DistilBertConfig config(Pooling pooling) {
        return new DistilBertConfig(12, 8, 8, 2, 2, 16, pooling);
    }

    /** A network on its engine, with weights large enough for gradients to be seen. */
    private static final class Opened implements AutoCloseable {
        private final TorchEngine engine;
        private final NDManager manager;
        private final DistilBertNetwork network;

        Opened(DistilBertConfig config, float dropout) {
            this(config, dropout, Precision.FLOAT32);
        }

        Opened(DistilBertConfig config, float dropout, Precision precision) {
            engine = TorchEngine.open(1, Device.CPU);
            manager = engine.newManager();
            SortedMap<String, Tensor> weights = InitialWeights.random(config, LABELS, 1);
            weights.forEach((name, tensor) -> {
                if (!WeightNames.isLayerNorm(name)) {
                    for (int i = 0; i < tensor.values().length; i++) {
                        tensor.values()[i] *= 20;
                    }
                }
            });
            network = new DistilBertNetwork(manager, config, weights, name -> true, dropout, precision);
        }

        float[] logits(int[] rows, boolean training) {
            try (NDManager step = manager.newSubManager()) {
                return forward(step, rows, training).toFloatArray();
            }
        }

        float[] gradient(String name) {
            return gradients().get(name);
        }

        /** Of the loss of all rows, by the names of the weights. */
        SortedMap<String, float[]> gradients() {
            SortedMap<String, float[]> gradients = new TreeMap<>();
            try (NDManager step = manager.newSubManager();
                    GradientCollector collector = engine.newGradientCollector()) {
                collector.backward(loss(forward(step, ALL_ROWS, true)));
                network.trained().forEach((name, weight) -> {
                    try (NDArray gradient = weight.getGradient()) {
                        gradients.put(name, gradient.toFloatArray());
                    }
                });
            }
            return gradients;
        }

        /** The same as {@link #loss(NDArray)}, summed in double. */
        double loss() {
            float[] logits = logits(ALL_ROWS, false);
            double sum = 0;
            for (int row = 0; row < ALL_ROWS.length; row++) {
                double total = 0;
                for (int label = 0; label < LABELS; label++) {
                    total += Math.exp(logits[row * LABELS + label]);
                }
                sum += Math.log(total) - logits[row * LABELS + 1];
            }
            return sum;
        }

        /** The sum over rows of the cross-entropy with label 1. */
        private static NDArray loss(NDArray logits) {
            return logits.logSoftmax(-1)
                    .get(logits.getManager(), new NDIndex(":,1"))
                    .sum()
                    .neg();
        }

        private NDArray forward(NDManager step, int[] rows, boolean training) {
            PaddedBatch batch = PaddedBatch.of(new TokenRows(SEQUENCES, new int[3], LABELS), rows);
            return network.logits(batch.ids(step), batch.mask(step), training);
        }

        @Override
        public void close() {
            manager.close();
            engine.close();
        }
    }
}
