package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WeightUpdateTest {
    private static final TrainingPlan PLAN = Plans.of(1, 2, 1e-2, 1).plan();
    private static final DistilBertConfig BAG = new DistilBertConfig(3, 8, 2, 0, 1, 2, Pooling.MEAN);
    private static final int[] WORDS = {0, 2};

    @Test
    void movesWhatIsCopiedAsItMovesWhatLiesInThisMemory() {
        float[][] inMemory = moved(true);

        assertThat(moved(false)).isDeepEqualTo(inMemory);
        assertThat(inMemory[0]).doesNotContain(0.5f);
        assertThat(inMemory[1][0]).isNotEqualTo(0.5f);
        assertThat(inMemory[1][2]).isEqualTo(0.5f);
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
            for (int step = 1; step <= 3; step++) {
                try (GradientCollector collector = engine.newGradientCollector()) {
                    collector.backward(bias.square().sum().add(words.square().sum()));
                }
                update.apply(WORDS, 1, step);
            }
            return new float[][] {bias.toFloatArray(), words.toFloatArray()};
        }
    }
}
