package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.UserException;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackTest {
    private static final List<Double> WEIGHTS = List.of(0.5, 2.0);
    private static final Scaling SCALING = Scaling.temperature(4);

    @TempDir
    private Path parent;

    /** P(a) is 3/4 by one and 1/5 by the other, so that the odds are 3^0.5 · (1/4)^2, to the power of 1/4. */
    @Test
    void multipliesWhatItsMembersSay() {
        float[] one = {(float) Math.log(3), 0};
        // as unnormalised as logits may be
        float[] other = {7, (float) (7 + Math.log(4))};

        float[] together = SCALING.of(Stack.together(List.of(one, other), WEIGHTS));

        assertThat((double) together[0] - together[1])
                .isCloseTo((0.5 * Math.log(3) - 2 * Math.log(4)) / 4, within(1e-6));
        assertThat((double) together[0])
                .as("log-probabilities, weighed")
                .isCloseTo((0.5 * Math.log(0.75) + 2 * Math.log(0.2)) / 4, within(1e-6));
    }

    @Test
    void bundleAnswersAsItsMembersTogether() {
        ModelBundle bundle = write("bundle");
        List<Product> products = ProbeProducts.all();
        try (Classifier stack = bundle.classifier(1);
                Classifier linear = TinyLinear.finish(TinyLinear.write(parent.resolve("linear")))
                        .classifier(1);
                Classifier network = TinyBundle.finish(TinyBundle.write(parent.resolve("network")))
                        .classifier(1)) {
            List<float[]> logits = stack.logits(products);

            assertThat(stack.labels()).isEqualTo(TinyBundle.LABELS);
            for (int i = 0; i < products.size(); i++) {
                List<Product> product = List.of(products.get(i));
                assertThat(logits.get(i))
                        .containsExactly(
                                SCALING.of(Stack.together(
                                        List.of(
                                                linear.logits(product).get(0),
                                                network.logits(product).get(0)),
                                        WEIGHTS)),
                                within(1e-5f));
            }
        }
    }

    @Test
    void bundleHoldsItsMembersAndSaysSo() throws IOException {
        ModelBundle bundle = write("bundle");

        assertThat(ModelBundle.open(bundle.directory()).manifest().model()).isEqualTo(model(WEIGHTS));
        assertThat(bundle.scoringFiles())
                .contains("member-1/linear/features.txt", "member-2/model.onnx", "member-2/vocab.txt");
        JsonNode json = new ObjectMapper()
                .readTree(bundle.directory().resolve("manifest.json").toFile())
                .get("model");
        assertThat(json.get("kind").asText()).isEqualTo("stack");
        assertThat(json.get("members").get(1).get("kind").asText()).isEqualTo("distilbert");
        assertThat(Files.readString(bundle.directory().resolve("README.md")))
                .contains("The answers of 2 models, multiplied, each to the power of its weight.")
                .contains("`member-2/`, weight 2.000: Reads 24 word pieces at most");
    }

    @Test
    void refusesABundleThatLacksAMember() throws IOException {
        Path directory = write("bundle").directory();
        Files.delete(directory.resolve("member-2/vocab.txt"));

        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no file member-2/vocab.txt");
    }

    @Test
    void refusesWeightsThatAreNotOneAMember() {
        assertThatThrownBy(() -> model(List.of(1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 1 weights, expected 2, one a member");
    }

    @Test
    void refusesMembersOfOtherLabels() {
        assertThatThrownBy(() -> new StackDefinition(
                        TextRecipe.standard(),
                        List.of(CategoryPath.of("Toys"), CategoryPath.of("Books")),
                        ModelDefinition.sorted(Map.of()),
                        List.of(TinyLinear.MODEL),
                        List.of(1.0),
                        Scaling.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found a member linear of 3 labels, expected the 2 of the stack");
    }

    private static StackDefinition model(List<Double> weights) {
        return new StackDefinition(
                TextRecipe.standard(),
                TinyBundle.LABELS,
                TinyLinear.MODEL.foldMap(),
                List.of(TinyLinear.MODEL, TinyBundle.MODEL),
                weights,
                SCALING);
    }

    private ModelBundle write(String name) {
        return TinyBundle.finish(BundleWriter.write(
                parent.resolve(name),
                model(WEIGHTS),
                bundle -> {
                    Path linear = Files.createDirectories(bundle.resolve(StackDefinition.directory(0)));
                    TinyLinear.writeContent(linear);
                    ModelBundle network = TinyBundle.finish(TinyBundle.write(parent.resolve("copied-" + name)));
                    network.copyModel(bundle.resolve(StackDefinition.directory(1)));
                },
                SCALING));
    }
}
