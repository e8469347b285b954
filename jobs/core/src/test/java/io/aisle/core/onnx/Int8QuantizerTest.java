package io.aisle.core.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Int8QuantizerTest {
    private static final DistilBertConfig CONFIG = new DistilBertConfig(200, 40, 64, 2, 4, 128, Pooling.CLS_AND_MEAN);
    private static final Map<String, Tensor> WEIGHTS = weights();

    @TempDir
    private Path directory;

    private Path exact;
    private Path quantized;

    @BeforeEach
    void quantize() throws IOException {
        exact = directory.resolve("model.onnx");
        quantized = directory.resolve("int8.onnx");
        Files.write(exact, DistilBertGraph.build(CONFIG, WEIGHTS, 1).toByteArray());
        Int8Quantizer.quantize(exact, TinyDistilBert.texts(CONFIG.vocabularySize(), 100, 1), quantized);
    }

    @Test
    void answersNearlyAsTheNetworkItIsMadeOf() {
        List<int[]> texts = TinyDistilBert.texts(CONFIG.vocabularySize(), 100, 2);
        int sameLabel = 0;
        double difference = 0;
        try (OnnxNetwork float32 = OnnxNetwork.open(exact, 1);
                OnnxNetwork int8 = OnnxNetwork.open(quantized, 1)) {
            float[][] expected = float32.logits(texts);
            float[][] found = int8.logits(texts);
            for (int row = 0; row < expected.length; row++) {
                sameLabel += best(expected[row]) == best(found[row]) ? 1 : 0;
                for (int label = 0; label < expected[row].length; label++) {
                    difference = Math.max(difference, Math.abs(expected[row][label] - found[row][label]));
                }
            }
        }
        assertThat(sameLabel).isGreaterThanOrEqualTo(95);
        assertThat(difference).isGreaterThan(0).isLessThan(0.2);
    }

    @Test
    void answersARowAloneAsBesideLongerOnes() {
        List<int[]> texts = TinyDistilBert.texts(CONFIG.vocabularySize(), 32, 3);
        try (OnnxNetwork int8 = OnnxNetwork.open(quantized, 1)) {
            float[][] together = int8.logits(texts);
            for (int row = 0; row < together.length; row++) {
                float[] alone = int8.logits(List.of(texts.get(row)))[0];
                for (int label = 0; label < alone.length; label++) {
                    assertThat(alone[label]).isCloseTo(together[row][label], within(1e-4f));
                }
            }
        }
    }

    @Test
    void keepsWeightsSmallEnoughForProcessorsThatAddIn16Bits() throws IOException {
        var weights = MappedModel.read(quantized).model().getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getName().endsWith("/int8"))
                .toList();

        assertThat(weights).hasSize(6 * CONFIG.layers());
        for (var weight : weights) {
            byte[] values =
                    MappedModel.read(quantized).whole(weight).getRawData().toByteArray();
            byte greatest = 0;
            for (byte value : values) {
                greatest = (byte) Math.max(greatest, Math.abs(value));
            }
            assertThat(greatest).isEqualTo((byte) 63);
        }
    }

    @Test
    void writesTheSameBytesForTheSameTexts() throws IOException {
        Path again = directory.resolve("again.onnx");
        Int8Quantizer.quantize(exact, TinyDistilBert.texts(CONFIG.vocabularySize(), 100, 1), again);

        assertThat(again).hasSameBinaryContentAs(quantized);
        assertThat(Files.size(again)).isLessThan(Files.size(exact) / 2);
    }

    @Test
    void refusesANetworkWithoutLinearLayers() throws IOException {
        DistilBertConfig bag = new DistilBertConfig(200, 40, 64, 0, 4, 128, Pooling.MEAN);
        Files.write(
                exact,
                DistilBertGraph.build(bag, TinyDistilBert.weights(bag, 5, 3), 1).toByteArray());

        assertThatThrownBy(() ->
                        Int8Quantizer.quantize(exact, TinyDistilBert.texts(CONFIG.vocabularySize(), 3, 1), quantized))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no linear layer before its classifier");
    }

    @Test
    void refusesWhatIsNoNetwork() throws IOException {
        Files.writeString(exact, "no model");

        assertThatThrownBy(() ->
                        Int8Quantizer.quantize(exact, TinyDistilBert.texts(CONFIG.vocabularySize(), 3, 1), quantized))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot quantise the network " + exact + ": found ");
    }

    /** As large as those of trained networks: with larger ones a network of chance makes much of any difference. */
    private static Map<String, Tensor> weights() {
        Map<String, Tensor> weights = TinyDistilBert.weights(CONFIG, 5, 3);
        weights.replaceAll((name, weight) -> {
            if (name.matches(".*([lL]ayer_?[nN]orm).*")) {
                return weight;
            }
            float[] smaller = weight.values().clone();
            for (int i = 0; i < smaller.length; i++) {
                smaller[i] *= 0.3f;
            }
            return new Tensor(weight.shape(), smaller);
        });
        return weights;
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int label = 1; label < logits.length; label++) {
            best = logits[label] > logits[best] ? label : best;
        }
        return best;
    }
}
