package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import java.util.Arrays;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(
            strings = {
                "classifier.bias",
                "distilbert.embeddings.LayerNorm.weight",
                "distilbert.embeddings.word_embeddings.weight",
                "distilbert.transformer.layer.0.attention.q_lin.bias",
                "distilbert.transformer.layer.1.ffn.lin1.bias"
            })
    void hasTheGradientThatFiniteDifferencesGive(String name) {
        try (Opened opened = new Opened(config(Pooling.MEAN), 0f)) {
            NDArray array = opened.network.arrays().get(name);
            float[] gradient = opened.gradient(name);
            float[] values = array.toFloatArray();
            // of the word embeddings, the row of word 5
            int from = name.contains("word_embeddings") ? 5 * 8 : 0;
            for (int i = from; i < from + 3; i++) {
                float step = 2e-2f;
                double difference = (opened.lossWith(array, values, i, step) - opened.lossWith(array, values, i, -step))
                        / (2 * step);
                assertThat((double) gradient[i]).isCloseTo(difference, within(2e-3 + 0.02 * Math.abs(difference)));
            }
        }
    }

    @Test
    void leavesNoNativeArrayBehindAfterAStep() {
        try (Opened opened = new Opened(config(Pooling.CLS), 0.1f)) {
            opened.gradient("classifier.bias");
            int before = opened.manager.getManagedArrays().size();
            for (int i = 0; i < 5; i++) {
                opened.gradient("classifier.bias");
            }

            assertThat(opened.manager.getManagedArrays()).hasSize(before);
        }
    }

    private static DistilBertConfig config(Pooling pooling) {
        return new DistilBertConfig(12, 8, 8, 2, 2, 16, pooling);
    }

    /** A network on its engine, with weights large enough for gradients to be seen. */
    private static final class Opened implements AutoCloseable {
        private final TorchEngine engine;
        private final NDManager manager;
        private final DistilBertNetwork network;
        private final ParameterStore store;

        Opened(DistilBertConfig config, float dropout) {
            engine = TorchEngine.open(1, Device.CPU, 1);
            manager = engine.newManager();
            network = new DistilBertNetwork(config, LABELS, dropout);
            SortedMap<String, Tensor> weights = InitialWeights.random(config, LABELS, 1);
            weights.forEach((name, tensor) -> {
                if (!WeightNames.isLayerNorm(name)) {
                    for (int i = 0; i < tensor.values().length; i++) {
                        tensor.values()[i] *= 20;
                    }
                }
            });
            network.load(manager, weights);
            store = new ParameterStore(manager, false);
        }

        float[] logits(int[] rows, boolean training) {
            try (NDManager step = manager.newSubManager()) {
                return forward(step, rows, training).toFloatArray();
            }
        }

        /** Of the first row's cross-entropy with label 1. */
        float[] gradient(String name) {
            try (NDManager step = manager.newSubManager();
                    GradientCollector collector = engine.newGradientCollector()) {
                collector.backward(loss(forward(step, ALL_ROWS, true)));
                try (NDArray gradient = network.arrays().get(name).getGradient()) {
                    return gradient.toFloatArray();
                }
            }
        }

        double lossWith(NDArray array, float[] values, int index, float step) {
            float[] moved = values.clone();
            moved[index] += step;
            array.set(moved);
            try (NDManager stepManager = manager.newSubManager()) {
                return loss(forward(stepManager, ALL_ROWS, false)).getFloat();
            } finally {
                array.set(values);
            }
        }

        private static NDArray loss(NDArray logits) {
            return logits.logSoftmax(-1).get(logits.getManager(), 0, 1).neg();
        }

        private NDArray forward(NDManager step, int[] rows, boolean training) {
            PaddedBatch batch = PaddedBatch.of(SEQUENCES, rows);
            Shape shape = new Shape(batch.rows(), batch.tokens());
            NDList inputs = new NDList(step.create(batch.ids(), shape), step.create(batch.mask(), shape));
            return network.forward(store, inputs, training).singletonOrThrow();
        }

        @Override
        public void close() {
            manager.close();
            engine.close();
        }
    }
}
