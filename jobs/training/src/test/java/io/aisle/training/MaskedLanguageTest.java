package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MaskedLanguageTest {
    private static final DistilBertConfig CONFIG = new DistilBertConfig(14, 8, 8, 1, 2, 16, Pooling.CLS);
    private static final Masking MASKING = new Masking(0.4, 4, List.of(0, 1, 2, 3, 4));

    /** The third has no word. */
    private static final TokenRows ROWS =
            new TokenRows(new int[][] {{2, 5, 6, 7, 8, 9, 3}, {2, 9, 3}, {2, 1, 3}, {2, 5, 3, 11}}, new int[4], 0);

    private static final int[] ALL = {0, 1, 2};
    private static final long SEED = 5;

    @ParameterizedTest
    @MethodSource("everyWeight")
    void hasTheGradientThatFiniteDifferencesGive(String name) {
        try (Opened opened = new Opened()) {
            GradientCheck.check(opened.network.weight(name), opened.gradient(name), opened::loss);
        }
    }

    static Stream<String> everyWeight() {
        return Stream.concat(
                DistilBertWeights.encoderShapes(CONFIG).keySet().stream(),
                MaskedLanguageHead.shapes(CONFIG).keySet().stream());
    }

    @Test
    void theLossIsTheMeanOverHiddenPlacesAndDependsOnTheSeedAlone() {
        try (Opened opened = new Opened();
                NDManager step = opened.manager.newSubManager()) {
            float loss = opened.objective.loss(step, ALL, SEED).mean().getFloat();

            assertThat((double) loss).isCloseTo(opened.loss(), within(1e-5));
            assertThat(opened.objective.loss(step, ALL, SEED).mean().getFloat()).isEqualTo(loss);
            assertThat(opened.objective.loss(step, ALL, SEED + 1).mean().getFloat())
                    .isNotEqualTo(loss);
        }
    }

    @Test
    void passesOverRowsInWhichNothingCanBeHidden() {
        try (Opened opened = new Opened()) {
            assertThat(opened.objective.lengths()).containsExactly(7, 3, 4);
            assertThat(opened.objective.batch(new int[] {2}, SEED).pieces()).containsAnyOf(5, 11);
        }
    }

    @Test
    void everyEpochHidesTheSameOfAValidationRow() {
        try (Opened opened = new Opened()) {
            Objective.Validation first = opened.objective.validate();

            assertThat(opened.objective.validate()).isEqualTo(first);
            assertThat(first.score()).isEqualTo(-first.loss());
            assertThat(first.metrics()).containsOnlyKeys("masked_accuracy", "perplexity");
            assertThat(first.metrics().get("perplexity")).isCloseTo(Math.exp(first.loss()), within(1e-9));
        }
    }

    @Test
    void leavesNoNativeArrayBehindAfterAStepAndAValidation() {
        try (Opened opened = new Opened()) {
            opened.gradient("vocab_projector.bias");
            opened.objective.validate();
            int before = opened.manager.getManagedArrays().size();
            List<Integer> after = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                opened.gradient("vocab_projector.bias");
                opened.objective.validate();
                after.add(opened.manager.getManagedArrays().size());
            }

            assertThat(after).containsOnly(before);
        }
    }

    /** A network on its engine, with weights large enough for gradients to be seen. */
    private static final class Opened implements AutoCloseable {
        private final TorchEngine engine;
        private final NDManager manager;
        private final DistilBertNetwork network;
        private final MaskedLanguage objective;

        Opened() {
            engine = TorchEngine.open(1, Device.CPU);
            manager = engine.newManager();
            SortedMap<String, Tensor> weights = InitialWeights.encoder(CONFIG, 1);
            weights.putAll(InitialWeights.maskedLanguageHead(CONFIG, 1));
            weights.forEach((name, tensor) -> {
                if (!WeightNames.isLayerNorm(name)) {
                    for (int i = 0; i < tensor.values().length; i++) {
                        tensor.values()[i] *= 20;
                    }
                }
            });
            network = new DistilBertNetwork(manager, CONFIG, weights, name -> true, 0, Precision.FLOAT32);
            objective = new MaskedLanguage(manager, network, MASKING, CONFIG.vocabularySize(), ROWS, ROWS);
        }

        float[] gradient(String name) {
            try (NDManager step = manager.newSubManager();
                    GradientCollector collector = engine.newGradientCollector()) {
                collector.backward(objective.loss(step, ALL, SEED).mean());
                try (NDArray gradient = network.weight(name).getGradient()) {
                    return gradient.toFloatArray();
                }
            }
        }

        /** The mean cross-entropy over hidden places, summed in double. */
        double loss() {
            try (NDManager step = manager.newSubManager()) {
                MaskedBatch batch = objective.batch(ALL, SEED);
                float[] logits = objective.logits(step, batch, false).toFloatArray();
                int pieces = CONFIG.vocabularySize();
                double sum = 0;
                for (int place = 0; place < batch.pieces().length; place++) {
                    double total = 0;
                    for (int piece = 0; piece < pieces; piece++) {
                        total += Math.exp(logits[place * pieces + piece]);
                    }
                    sum += Math.log(total) - logits[place * pieces + (int) batch.pieces()[place]];
                }
                return sum / batch.pieces().length;
            }
        }

        @Override
        public void close() {
            manager.close();
            engine.close();
        }
    }
}
