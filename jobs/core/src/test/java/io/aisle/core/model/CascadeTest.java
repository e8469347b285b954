package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.UserException;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CascadeTest {
    /** Linear is surer than this of "tea" alone (0.43968) and not of a product without a word that it knows (0.3836). */
    private static final double THRESHOLD = 0.4;

    private static final float TEMPERATURE = 2;
    private static final Product SURE = TinyBundle.product("tea", "");
    private static final Product UNSURE = TinyBundle.product("zebra", "with stripes");

    @TempDir
    private Path parent;

    @Test
    void theSecondAnswersWhereTheFirstIsNotSure() {
        ModelBundle bundle = write("bundle", THRESHOLD);
        try (Classifier cascade = bundle.classifier(1);
                Classifier linear = TinyLinear.finish(TinyLinear.write(parent.resolve("linear")))
                        .classifier(1);
                Classifier network = TinyBundle.finish(TinyBundle.write(parent.resolve("network")))
                        .classifier(1)) {
            List<float[]> logits = cascade.logits(List.of(UNSURE, SURE, UNSURE));

            assertThat(cascade.labels()).isEqualTo(TinyBundle.LABELS);
            assertThat(logits.get(1)).containsExactly(halved(linear, SURE), within(1e-6f));
            assertThat(logits.get(0)).containsExactly(halved(network, UNSURE), within(1e-6f));
            assertThat(logits.get(2)).containsExactly(halved(network, UNSURE), within(1e-6f));
            assertThat(halved(network, UNSURE)[0])
                    .as("the two can be told apart")
                    .isNotCloseTo(halved(linear, UNSURE)[0], within(0.01f));
        }
    }

    @Test
    void neighboursDoNotShowInTheAnswers() {
        List<Product> products = ProbeProducts.all();
        try (Classifier cascade = write("bundle", 0.39).classifier(1)) {
            List<float[]> together = cascade.logits(products);
            for (int i = 0; i < products.size(); i++) {
                assertThat(cascade.logits(List.of(products.get(i))).get(0))
                        .containsExactly(together.get(i), within(1e-5f));
            }
        }
    }

    @Test
    void asksTheSecondOnceAndOnlyForWhatItNeeds() {
        Fake first = new Fake(Map.of("sure", new float[] {4, 0}, "unsure", new float[] {0.1f, 0}));
        Fake second = new Fake(Map.of("unsure", new float[] {0, 6}));
        List<Product> products = List.of(
                TinyBundle.product("unsure", "a"), TinyBundle.product("sure", ""), TinyBundle.product("unsure", "b"));

        try (Cascade cascade = new Cascade(first, second, 0.9, Scaling.NONE)) {
            List<float[]> logits = cascade.logits(products);

            assertThat(logits.get(0)).containsExactly(0, 6);
            assertThat(logits.get(1)).containsExactly(4, 0);
            assertThat(second.calls).containsExactly(List.of(products.get(0), products.get(2)));
            cascade.logits(List.of(products.get(1)));
            assertThat(second.calls).as("all are sure").hasSize(1);
        }
    }

    /** Two logits that are equal make 0.5. */
    @Test
    void whatIsAtTheThresholdStays() {
        Fake first = new Fake(Map.of("even", new float[] {1, 1}));
        Fake second = new Fake(Map.of("even", new float[] {7, 1}));
        List<Product> products = List.of(TinyBundle.product("even", ""));

        try (Cascade at = new Cascade(first, second, 0.5, Scaling.NONE);
                Cascade above = new Cascade(first, second, Math.nextUp(0.5), Scaling.NONE)) {
            assertThat(at.logits(products).get(0)).containsExactly(1, 1);
            assertThat(above.logits(products).get(0)).containsExactly(7, 1);
        }
    }

    @Test
    void closesBothEvenIfOneFails() {
        Fake first = new Fake(Map.of());
        first.failure = new IllegalStateException("first");
        Fake second = new Fake(Map.of());

        assertThatThrownBy(new Cascade(first, second, 0.5, Scaling.NONE)::close).hasMessage("first");
        assertThat(first.closed).isEqualTo(1);
        assertThat(second.closed).isEqualTo(1);
    }

    @Test
    void bundleHoldsBothModelsAndSaysSo() throws IOException {
        ModelBundle bundle = write("bundle", THRESHOLD);

        assertThat(ModelBundle.open(bundle.directory()).manifest().model()).isEqualTo(model(THRESHOLD));
        assertThat(bundle.scoringFiles())
                .containsExactly(
                        "first/linear/bias.npy",
                        "first/linear/data.npy",
                        "first/linear/features.txt",
                        "first/linear/idf.npy",
                        "first/linear/indices.npy",
                        "first/linear/indptr.npy",
                        "labels.txt",
                        "second/model.onnx",
                        "second/vocab.txt");
        JsonNode json = new ObjectMapper()
                .readTree(bundle.directory().resolve("manifest.json").toFile())
                .get("model");
        assertThat(json.get("kind").asText()).isEqualTo("cascade");
        assertThat(json.get("first").get("kind").asText()).isEqualTo("linear");
        assertThat(json.get("second").get("kind").asText()).isEqualTo("distilbert");
        assertThat(json.get("threshold").asDouble()).isEqualTo(THRESHOLD);
        assertThat(Files.readString(bundle.directory().resolve("README.md")))
                .contains("where its greatest probability is under 0.4000, the one in `second/` does")
                .contains("- `first/`: A linear classifier of 3 features")
                .contains("- `second/`: Reads 24 word pieces at most");
    }

    @Test
    void refusesABundleOfWhichOneModelWasChanged() throws IOException {
        Path directory = write("bundle", THRESHOLD).directory();
        Path file = directory.resolve("second/model.onnx");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found second/model.onnx with sha256");
    }

    @Test
    void refusesAKindThatCannotStandThere() throws IOException {
        Path directory = write("bundle", THRESHOLD).directory();
        Path manifest = directory.resolve("manifest.json");
        String json = Files.readString(manifest);
        Files.writeString(
                manifest,
                json.replaceFirst("\"first\" : \\{\\s*\"kind\" : \"linear\"", "\"first\" : {\"kind\" : \"mlp\""));

        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found a manifest.json that does not parse");
    }

    @Test
    void refusesModelsOfOtherLabels() {
        LinearDefinition linear = TinyLinear.MODEL;
        List<CategoryPath> others =
                List.of(TinyBundle.LABELS.get(1), TinyBundle.LABELS.get(0), TinyBundle.LABELS.get(2));

        assertThatThrownBy(() -> new CascadeDefinition(
                        linear.recipe(), others, linear.foldMap(), linear, TinyBundle.MODEL, THRESHOLD, Scaling.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a model of kind linear with another recipe or other labels");
        assertThatThrownBy(() -> model(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    private static CascadeDefinition model(double threshold) {
        return new CascadeDefinition(
                TinyLinear.MODEL.recipe(),
                TinyBundle.LABELS,
                TinyLinear.MODEL.foldMap(),
                TinyLinear.MODEL,
                TinyBundle.MODEL,
                threshold,
                Scaling.temperature(TEMPERATURE));
    }

    private ModelBundle write(String name, double threshold) {
        Path network = TinyBundle.write(parent.resolve(name + "-second")).directory();
        return TinyBundle.finish(BundleWriter.write(
                parent.resolve(name),
                model(threshold),
                directory -> {
                    TinyLinear.writeContent(Files.createDirectories(directory.resolve("first")));
                    Path second = Files.createDirectories(directory.resolve("second"));
                    for (String file : TinyBundle.MODEL.files()) {
                        Files.copy(network.resolve(file), second.resolve(file));
                    }
                },
                Scaling.temperature(TEMPERATURE)));
    }

    private static float[] halved(Classifier classifier, Product product) {
        float[] logits = classifier.logits(List.of(product)).get(0).clone();
        for (int label = 0; label < logits.length; label++) {
            logits[label] /= TEMPERATURE;
        }
        return logits;
    }

    /** Answers by the title. */
    private static final class Fake implements Classifier {
        private final Map<String, float[]> answers;
        private final List<List<Product>> calls = new ArrayList<>();
        private RuntimeException failure;
        private int closed;

        Fake(Map<String, float[]> answers) {
            this.answers = answers;
        }

        @Override
        public List<CategoryPath> labels() {
            return TinyBundle.LABELS.subList(0, 2);
        }

        @Override
        public List<float[]> logits(List<Product> cleanedProducts) {
            calls.add(cleanedProducts);
            return cleanedProducts.stream()
                    .map(product -> answers.get(product.title()))
                    .toList();
        }

        @Override
        public void close() {
            closed++;
            if (failure != null) {
                throw failure;
            }
        }
    }
}
