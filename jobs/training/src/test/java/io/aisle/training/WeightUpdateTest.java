package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightUpdateTest {
    private static final TrainingPlan PLAN = Plans.of(1, 2, 1e-2, 1).plan();
    private static final DistilBertConfig BAG = new DistilBertConfig(3, 8, 2, 0, 1, 2, Pooling.MEAN);
    private static final int[] WORDS = {0, 2};

    @Test
    void movesWhatLiesOnADeviceAsItMovesWhatLiesInThisMemory() {
        float[][] inMemory = moved(true);
        float[][] onDevice = moved(false);

        for (int i = 0; i < inMemory.length; i++) {
            assertThat(onDevice[i]).containsExactly(inMemory[i], within(1e-6f));
        }
        assertThat(inMemory[0]).doesNotContain(0.5f);
        assertThat(inMemory[1][0]).isNotEqualTo(0.5f);
        assertThat(inMemory[1][2]).isEqualTo(0.5f);
        assertThat(onDevice[1][2]).isEqualTo(0.5f);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesNoNativeArrayBehind(boolean isInHostMemory) {
        try (Words opened = new Words(isInHostMemory)) {
            int before = opened.manager.getManagedArrays().size();
            for (int step = 1; step <= 5; step++) {
                opened.backward(1);
                opened.update.apply(WORDS, 1, 1, step);
                opened.update.moments();
            }

            assertThat(opened.manager.getManagedArrays()).hasSize(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void forgetsGradientThatIsNotFiniteAndMovesNothingByIt(boolean isInHostMemory) {
        try (Words opened = new Words(isInHostMemory)) {
            for (float slope : new float[] {Float.POSITIVE_INFINITY, Float.NaN}) {
                opened.backward(slope);

                assertThat(opened.update.apply(WORDS, 1, 1, 1)).isNotFinite();
            }

            assertThat(opened.words.toFloatArray()).containsOnly(0.5f);
            try (NDArray gradient = opened.words.getGradient()) {
                assertThat(gradient.toFloatArray()).containsOnly(0f);
            }
        }
    }

    /** Three word embeddings, of which the middle one is in no batch. */
    private static final class Words implements AutoCloseable {
        private final TorchEngine engine = TorchEngine.open(1, Device.CPU);
        private final NDManager manager = engine.newManager();
        private final NDArray words = manager.full(new Shape(3, 2), 0.5f);
        private final WeightUpdate update;

        Words(boolean isInHostMemory) {
            words.setRequiresGradient(true);
            update = new WeightUpdate(
                    new TreeMap<>(Map.of(DistilBertWeights.WORD_EMBEDDINGS, words)), isInHostMemory, BAG, PLAN);
        }

        /** Gives each word of the batch that gradient. */
        void backward(float slope) {
            try (NDManager batch = manager.newSubManager();
                    GradientCollector collector = engine.newGradientCollector()) {
                NDArray slopes = batch.create(new float[] {slope, 0, slope}, new Shape(3, 1));
                collector.backward(slopes.mul(words).sum());
            }
        }

        @Override
        public void close() {
            manager.close();
            engine.close();
        }
    }

    /** A bias and three word embeddings, of which the middle one is in no batch, after three steps. */
    private static float[][] moved(boolean isInHostMemory) {
        try (TorchEngine engine = TorchEngine.open(1, Device.CPU);
                NDManager manager = engine.newManager()) {
            NDArray bias = manager.full(new Shape(2), 0.5f);
            NDArray words = manager.full(new Shape(3, 2), 0.5f);
            bias.setRequiresGradient(true);
            words.setRequiresGradient(true);
            SortedMap<String, NDArray> arrays = new TreeMap<>();
            arrays.put(DistilBertWeights.CLASSIFIER + ".bias", bias);
            arrays.put(DistilBertWeights.WORD_EMBEDDINGS, words);
            WeightUpdate update = new WeightUpdate(arrays, isInHostMemory, BAG, PLAN);
            NDArray isInBatch = manager.create(new float[] {1, 0, 1}, new Shape(3, 1));
            for (int step = 1; step <= 3; step++) {
                try (GradientCollector collector = engine.newGradientCollector()) {
                    collector.backward(bias.square()
                            .sum()
                            .add(words.mul(isInBatch).square().sum()));
                }
                update.apply(WORDS, 1, 1, step);
            }
            return new float[][] {bias.toFloatArray(), words.toFloatArray()};
        }
    }
}
