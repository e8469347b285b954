package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearningRatesTest {
    @Test
    void warmUpAndDecayLinearly() {
        LearningRates rates = new LearningRates(1e-3, 1e-3, 1, 0.25);

        double[] shares =
                IntStream.range(0, 8).mapToDouble(step -> rates.share(step, 8)).toArray();

        assertThat(shares).containsExactly(0.5, 1, 1, 5 / 6.0, 4 / 6.0, 3 / 6.0, 2 / 6.0, 1 / 6.0);
    }

    @Test
    void startAtTheHighestWithoutWarmUp() {
        LearningRates rates = new LearningRates(1e-3, 1e-3, 1, 0);

        assertThat(rates.share(0, 4)).isEqualTo(1);
        assertThat(rates.share(3, 4)).isEqualTo(0.25);
    }

    @Test
    void fallWithTheDepthOfTheLayer() {
        DistilBertConfig config = new DistilBertConfig(100, 16, 8, 2, 2, 16, Pooling.CLS);
        LearningRates rates = new LearningRates(1, 10, 0.5, 0);

        assertThat(rates.of("classifier.bias", config)).isEqualTo(1);
        assertThat(rates.of("distilbert.transformer.layer.1.ffn.lin2.weight", config))
                .isEqualTo(0.5);
        assertThat(rates.of("distilbert.transformer.layer.0.sa_layer_norm.bias", config))
                .isEqualTo(0.25);
        assertThat(rates.of("distilbert.embeddings.LayerNorm.weight", config)).isEqualTo(0.125);
        assertThat(rates.of("distilbert.embeddings.word_embeddings.weight", config))
                .isCloseTo(1.25, within(1e-12));
    }

    @Test
    void refuseAllBadValuesTogether() {
        assertThatThrownBy(() -> new LearningRates(-1, Double.NaN, 0, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: learning rate: found -1.0, expected a number above 0;"
                        + " embedding learning rate: found NaN, expected a number above 0;"
                        + " layer decay: found 0.0, expected above 0, at most 1;"
                        + " warm-up share: found 1.0, expected at least 0 and under 1");
    }
}
