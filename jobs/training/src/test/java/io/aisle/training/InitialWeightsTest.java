package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
    private static final DistilBertConfig CONFIG = new DistilBertConfig(500, 20, 16, 2, 2, 32, Pooling.MEAN);

    @Test
    void haveTheNamesAndShapesOfTheNetwork() {
        Map<String, Tensor> weights = InitialWeights.random(CONFIG, 3, 1);

        assertThat(weights).hasSize(4 + 2 * 16 + 2);
        assertThat(weights.keySet().stream().toList()).isSorted();
        assertThat(weights.get("distilbert.embeddings.word_embeddings.weight").shape())
                .containsExactly(500, 16);
        assertThat(weights.get("distilbert.embeddings.position_embeddings.weight")
                        .shape())
                .containsExactly(20, 16);
        assertThat(weights.get("distilbert.transformer.layer.1.ffn.lin1.weight").shape())
                .containsExactly(32, 16);
        assertThat(weights.get("distilbert.transformer.layer.1.ffn.lin2.weight").shape())
                .containsExactly(16, 32);
        assertThat(weights.get("classifier.weight").shape()).containsExactly(3, 16);
    }

    @Test
    void areNormalOfSmallDeviationButForNormsAndBiases() {
        Map<String, Tensor> weights = InitialWeights.random(CONFIG, 3, 1);

        float[] words =
                weights.get("distilbert.embeddings.word_embeddings.weight").values();
        double meanSquare = IntStream.range(0, words.length)
                .mapToDouble(i -> words[i] * (double) words[i])
                .average()
                .orElseThrow();
        assertThat(Math.sqrt(meanSquare)).isCloseTo(0.02, within(0.001));
        assertThat(weights.get("distilbert.transformer.layer.0.sa_layer_norm.weight")
                        .values())
                .containsOnly(1f);
        assertThat(weights.get("distilbert.embeddings.LayerNorm.bias").values()).containsOnly(0f);
        assertThat(weights.get("classifier.bias").values()).containsOnly(0f);
    }

    @Test
    void dependOnTheSeedAlone() {
        String name = "distilbert.transformer.layer.0.attention.q_lin.weight";
        float[] values = InitialWeights.random(CONFIG, 3, 1).get(name).values();

        assertThat(InitialWeights.random(CONFIG, 3, 1).get(name).values()).isEqualTo(values);
        assertThat(InitialWeights.random(CONFIG, 5, 1).get(name).values()).isEqualTo(values);
        assertThat(InitialWeights.random(CONFIG, 3, 2).get(name).values()).isNotEqualTo(values);
    }

    @Test
    void drawEachWeightFromItsOwnStream() {
        Map<String, Tensor> weights = InitialWeights.random(CONFIG, 3, 1);

        assertThat(weights.get("distilbert.transformer.layer.0.attention.q_lin.weight")
                        .values())
                .isNotEqualTo(weights.get("distilbert.transformer.layer.1.attention.q_lin.weight")
                        .values());
    }
}
