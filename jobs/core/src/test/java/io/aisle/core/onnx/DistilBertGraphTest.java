package io.aisle.core.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistilBertGraphTest {
    private static final int LABELS = 5;

    /** Texts of 9, 1, 4 and 12 tokens; the last is as long as the network allows. */
    private static final List<int[]> TEXTS =
            List.of(new int[] {2, 17, 4, 4, 23, 9, 11, 28, 3}, new int[] {2}, new int[] {2, 5, 29, 3}, new int[] {
                2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 3
            });

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void equalsAnIndependentForwardPass(Pooling pooling) throws IOException {
        DistilBertConfig config = TinyDistilBert.config(30, 12, pooling);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 7);

        float[][] logits = logits(config, weights, 1, TEXTS);

        assertEqualsReference(config, weights, 1, logits);
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void withoutLayersItIsABagOfWordPieces(Pooling pooling) throws IOException {
        DistilBertConfig config = new DistilBertConfig(30, 12, 8, 0, 1, 8, pooling);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 11);

        float[][] logits = logits(config, weights, 1, TEXTS);

        assertThat(weights)
                .containsOnlyKeys(
                        "distilbert.embeddings.word_embeddings.weight", "classifier.weight", "classifier.bias");
        assertEqualsReference(config, weights, 1, logits);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void encoderAloneGivesWhatAClassifierOfClsAndMeanReads(int layers) throws IOException {
        DistilBertConfig config = new DistilBertConfig(30, 12, 12, layers, 3, 20, Pooling.CLS_AND_MEAN);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 12);
        ReferenceDistilBert reference = new ReferenceDistilBert(config, weights);
        Map<String, Tensor> encoder = new HashMap<>(weights);
        encoder.keySet().removeIf(name -> name.startsWith("classifier."));
        Path file = directory.resolve("encoder.onnx");
        Files.write(
                file,
                DistilBertGraph.features(config.with(Pooling.MEAN), encoder).toByteArray());

        try (OnnxNetwork network = OnnxNetwork.open(file, DistilBertGraph.FEATURES, 1, Device.CPU)) {
            float[][] features = network.run(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                double[] expected = reference.pooled(TEXTS.get(i));
                assertThat(features[i]).hasSize(24);
                for (int j = 0; j < expected.length; j++) {
                    assertThat((double) features[i][j])
                            .as("text %d, feature %d", i, j)
                            .isCloseTo(expected[j], within(1e-5));
                }
            }
        }
    }

    @Test
    void lastLayerMakesTheStateOfClsAloneWhereTheHeadReadsNoOther() {
        String ofFirst = "pooled/first_of_each";
        Pattern asked = Pattern.compile(".*layer\\.(\\d)\\.attention\\.q_lin/product");
        for (Pooling pooling : Pooling.values()) {
            DistilBertConfig config = TinyDistilBert.config(30, 12, pooling);
            List<String> layers =
                    DistilBertGraph.build(config, TinyDistilBert.weights(config, 3, 1), 1)
                            .getGraph()
                            .getNodeList()
                            .stream()
                            .filter(node -> asked.matcher(node.getName()).matches()
                                    && node.getInput(0).equals(ofFirst))
                            .map(node -> asked.matcher(node.getName()).replaceAll("$1"))
                            .toList();

            assertThat(layers).isEqualTo(pooling == Pooling.CLS ? List.of("1") : List.of());
        }
    }

    @Test
    void encoderAloneRefusesWeightsOfAClassifier() {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.CLS);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 1);

        assertThatThrownBy(() -> DistilBertGraph.features(config, weights))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot build the graph: found unknown weight classifier.weight, expected only"
                        + " the 36 weights of a DistilBERT of 2 layers. Leave it out");
    }

    @ParameterizedTest
    @ValueSource(floats = {0.5f, 1.7f, 30f})
    void dividesByTheTemperature(float temperature) throws IOException {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.CLS);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 8);

        float[][] logits = logits(config, weights, temperature, TEXTS);

        assertEqualsReference(config, weights, temperature, logits);
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void answersAloneAsInABatch(Pooling pooling) throws IOException {
        DistilBertConfig config = TinyDistilBert.config(30, 12, pooling);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 9);
        try (OnnxNetwork network = OnnxNetwork.open(write(config, weights, 1), 1)) {
            float[][] together = network.logits(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                float[][] alone = network.logits(List.of(TEXTS.get(i)));
                assertThat(alone[0]).containsExactly(together[i], within(1e-5f));
            }
        }
    }

    @Test
    void logitsAreLogProbabilities() throws IOException {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.MEAN);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 10);
        // far beyond what exp() of a float32 can hold: an unnormalised score would overflow
        Tensor classifier = weights.get("classifier.weight");
        for (int i = 0; i < classifier.values().length; i++) {
            classifier.values()[i] *= 1000;
        }

        for (float[] row : logits(config, weights, 1, TEXTS)) {
            double sum = 0;
            for (float logit : row) {
                assertThat(logit).isFinite().isLessThanOrEqualTo(0);
                sum += Math.exp(logit);
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void declaresOpset17AndIrVersion8() {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.CLS);
        ModelProto model = DistilBertGraph.build(config, TinyDistilBert.weights(config, LABELS, 1), 1);

        assertThat(model.getIrVersion()).isEqualTo(8);
        assertThat(model.getOpsetImportList()).singleElement().satisfies(opset -> {
            assertThat(opset.getDomain()).isEmpty();
            assertThat(opset.getVersion()).isEqualTo(17);
        });
    }

    @Test
    void refusesWeightOfAnotherShape() {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.CLS);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 1);
        weights.put("distilbert.transformer.layer.1.ffn.lin1.weight", new Tensor(new long[] {12, 20}, new float[240]));

        assertThatThrownBy(() -> DistilBertGraph.build(config, weights, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot build the graph: weight distilbert.transformer.layer.1.ffn.lin1.weight has shape"
                        + " [12, 20], expected [20, 12]. Take config and weights from the same encoder directory.");
    }

    @Test
    void refusesMissingWeight() {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.CLS);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 1);
        weights.remove("distilbert.embeddings.LayerNorm.bias");

        assertThatThrownBy(() -> DistilBertGraph.build(config, weights, 1))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot build the graph: weight distilbert.embeddings.LayerNorm.bias is missing,"
                                + " expected shape [12]");
    }

    @Test
    void refusesUnknownWeight() {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.CLS);
        Map<String, Tensor> weights = new HashMap<>(TinyDistilBert.weights(config, LABELS, 1));
        weights.put("pre_classifier.weight", new Tensor(new long[] {1}, new float[1]));

        assertThatThrownBy(() -> DistilBertGraph.build(config, weights, 1))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot build the graph: found unknown weight pre_classifier.weight, expected only"
                                + " the 38 weights of a DistilBERT of 2 layers and its classifier");
    }

    @Test
    void refusesWeightsAboveTheLimitOfOneFile() {
        DistilBertConfig huge = new DistilBertConfig(1_000_000, 512, 768, 6, 12, 3072, Pooling.CLS);

        assertThatThrownBy(() -> DistilBertGraph.build(huge, Map.of(), 1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "expected at most 2147483647, what one ONNX file can hold (protobuf's limit of 2 GB)")
                .hasMessageEndingWith("Use a smaller encoder.");
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
    void refusesTemperatureThatIsNoNumberAboveZero(float temperature) {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.CLS);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, LABELS, 1);

        assertThatThrownBy(() -> DistilBertGraph.build(config, weights, temperature))
                .hasMessage("Cannot build the graph: found temperature " + temperature + ", expected a number above 0");
    }

    private float[][] logits(DistilBertConfig config, Map<String, Tensor> weights, float temperature, List<int[]> texts)
            throws IOException {
        try (OnnxNetwork network = OnnxNetwork.open(write(config, weights, temperature), 1)) {
            assertThat(network.labels()).isEqualTo(LABELS);
            return network.logits(texts);
        }
    }

    private Path write(DistilBertConfig config, Map<String, Tensor> weights, float temperature) throws IOException {
        Path file = directory.resolve("model.onnx");
        Files.write(file, DistilBertGraph.build(config, weights, temperature).toByteArray());
        return file;
    }

    private static void assertEqualsReference(
            DistilBertConfig config, Map<String, Tensor> weights, float temperature, float[][] logits) {
        ReferenceDistilBert reference = new ReferenceDistilBert(config, weights);
        List<double[]> expected = new ArrayList<>();
        for (int[] text : TEXTS) {
            expected.add(reference.logits(text, temperature));
        }
        assertThat(logits).hasNumberOfRows(TEXTS.size());
        for (int i = 0; i < logits.length; i++) {
            for (int label = 0; label < LABELS; label++) {
                assertThat((double) logits[i][label])
                        .as("text %d, label %d", i, label)
                        .isCloseTo(expected.get(i)[label], within(1e-5));
            }
        }
    }
}
