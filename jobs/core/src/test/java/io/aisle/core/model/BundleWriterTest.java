package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.onnx.TinyDistilBert;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleWriterTest {
    @TempDir
    private Path parent;

    @Test
    void writesLabelsAsOneRenderedPathALine() throws IOException {
        Path directory = parent.resolve("bundle");
        TinyBundle.write(directory);

        assertThat(Files.readString(directory.resolve("labels.txt")))
                .isEqualTo("Home > Lighting \\> Lamps\nGrocery > Café\nTools > other\n");
    }

    @Test
    void writesEqualBytesForEqualModels() {
        ModelBundle one = TinyBundle.finish(TinyBundle.write(parent.resolve("one")));
        ModelBundle two = TinyBundle.finish(TinyBundle.write(parent.resolve("two")));

        assertThat(two.hash()).isEqualTo(one.hash());
    }

    @Test
    void doesNotOpenBeforeItIsFinished() {
        BundleWriter writer = TinyBundle.write(parent.resolve("bundle"));

        assertThatThrownBy(() -> ModelBundle.open(writer.directory()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found an unfinished bundle without manifest.json");
    }

    @Test
    void listsFilesThatWereAddedBeforeItWasFinished() throws IOException {
        Path directory = parent.resolve("bundle");
        BundleWriter writer = TinyBundle.write(directory);
        Files.createDirectories(directory.resolve("spark-nlp/metadata"));
        Files.writeString(directory.resolve("spark-nlp/metadata/part-00000"), "{}");
        ModelBundle bundle = TinyBundle.finish(writer);

        assertThat(bundle.manifest().files())
                .containsOnlyKeys("README.md", "labels.txt", "model.onnx", "spark-nlp/metadata/part-00000", "vocab.txt")
                // sha256 of "{}"
                .containsEntry(
                        "spark-nlp/metadata/part-00000",
                        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }

    @Test
    void writesIntoAnEmptyDirectoryThatIsThere() throws IOException {
        Path directory = Files.createDirectory(parent.resolve("staging"));

        assertThat(TinyBundle.finish(TinyBundle.write(directory)).directory()).isEqualTo(directory);
    }

    /** What is in it: ModelCardTest. */
    @Test
    void writesAModelCard() throws IOException {
        Path directory = parent.resolve("bundle");
        TinyBundle.finish(TinyBundle.write(directory));

        assertThat(Files.readString(directory.resolve("README.md")))
                .startsWith("---\nlibrary_name: onnx\n")
                .contains("Puts a product into one of 3 categories", "DistilBERT of 2 layers, 12 wide, 3 heads.")
                .doesNotContain("auc");
    }

    @Test
    void writesUndefinedMetricAsNull() throws IOException {
        Path directory = parent.resolve("bundle");
        TinyBundle.finish(TinyBundle.write(directory));

        assertThat(Files.readString(directory.resolve("manifest.json")))
                .contains("\"metrics\" : {\n    \"accuracy\" : 0.5,\n    \"auc\" : null\n  }");
    }

    @Test
    void probesAreTwentyOfAllSorts() {
        TinyBundle.write(parent.resolve("bundle"));

        assertThat(ProbeProducts.all())
                .hasSize(20)
                .extracting(product -> product.id())
                .doesNotHaveDuplicates();
        assertThat(ProbeProducts.all())
                .anyMatch(product ->
                        (product.title() + product.brand() + product.description() + product.feature()).isEmpty())
                .anyMatch(product -> product.description().length() > 3000)
                .noneMatch(product -> (product.title() + product.description()).contains("<"));
    }

    @Test
    void probesAreAsTheRecipeCleansThem() {
        assertThat(ProbeProducts.all())
                .allSatisfy(product ->
                        assertThat(TextRecipe.standard().clean(product)).isEqualTo(product));
    }

    @Test
    void refusesDirectoryWithFiles() throws IOException {
        Files.writeString(parent.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> TinyBundle.write(parent))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write the model bundle " + parent
                        + ": found notes.txt there, expected nothing or an" + " empty directory. Give another path.");
    }

    @Test
    void refusesPathOfAFile() throws IOException {
        Path file = Files.writeString(parent.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> TinyBundle.write(file))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write the model bundle " + file
                        + ": found a file there, expected nothing or an empty" + " directory. Give another path.");
    }

    @Test
    void refusesVocabularyThatDoesNotFitTheNetwork() {
        int size = TinyBundle.VOCABULARY.size();
        NetworkDefinition model = TinyBundle.model(TinyDistilBert.config(size + 3, 24, Pooling.MEAN));
        Path directory = parent.resolve("bundle");

        assertThatThrownBy(() ->
                        BundleWriter.write(directory, model, TinyBundle.VOCABULARY, TinyBundle.WEIGHTS, Scaling.NONE))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write the model bundle " + directory + ": found a vocabulary of " + size
                        + " word pieces, expected " + (size + 3)
                        + ", as many as the network has embeddings. Train again with the vocabulary of the encoder.");
        assertThat(directory).doesNotExist();
    }

    @Test
    void refusesClassifierOfAnotherLabelCount() {
        Map<String, Tensor> weights = TinyDistilBert.weights(TinyBundle.MODEL.network(), 4, 1);
        Path directory = parent.resolve("bundle");

        assertThatThrownBy(() ->
                        BundleWriter.write(directory, TinyBundle.MODEL, TinyBundle.VOCABULARY, weights, Scaling.NONE))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found an output of 4 labels, expected 3, those of the model");
    }

    @Test
    void refusesNetworkThatDiverged() {
        Map<String, Tensor> weights = new HashMap<>(TinyBundle.WEIGHTS);
        float[] bias = new float[TinyBundle.LABELS.size()];
        Arrays.fill(bias, Float.NaN);
        weights.put("classifier.bias", new Tensor(new long[] {bias.length}, bias));
        Path directory = parent.resolve("bundle");

        assertThatThrownBy(() ->
                        BundleWriter.write(directory, TinyBundle.MODEL, TinyBundle.VOCABULARY, weights, Scaling.NONE))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write the model bundle " + directory + ": found logit NaN for probe-1, expected"
                        + " numbers. The training diverged: lower its learning rate.");
    }

    @Test
    void finishesOnce() {
        BundleWriter writer = TinyBundle.write(parent.resolve("bundle"));
        TinyBundle.finish(writer);

        assertThatThrownBy(() -> TinyBundle.finish(writer))
                .hasMessage("Cannot finish the model bundle " + parent.resolve("bundle") + ": it is finished already");
    }

    @Test
    void refusesThresholdThatIsNoNumber() {
        BundleWriter writer = TinyBundle.write(parent.resolve("bundle"));

        assertThatThrownBy(() -> writer.finish(TinyBundle.PROVENANCE, Map.of(), Double.NaN, 0.92))
                .hasMessage(
                        "Cannot describe a model: found accept threshold NaN for precision 0.92, expected 0 or more and a"
                                + " precision above 0, at most 1");
        assertThat(writer.directory().resolve("manifest.json")).doesNotExist();
    }

    @Test
    void refusesPlaceThatCannotBeWritten() throws IOException {
        Path directory = Files.writeString(parent.resolve("notes.txt"), "mine").resolve("bundle");

        assertThatThrownBy(() -> TinyBundle.write(directory))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write the model bundle " + directory + ": found ")
                .hasMessageEndingWith(", expected a place to write. Check its permissions and free space.");
    }

    @Test
    void refusesLabelTwice() {
        assertThatThrownBy(() -> NetworkDefinition.of(
                        TinyBundle.MODEL.recipe(),
                        24,
                        List.of(TinyBundle.LABELS.get(0), TinyBundle.LABELS.get(0)),
                        Map.of(),
                        TinyBundle.MODEL.network()))
                .hasMessageEndingWith("expected at least one and no two alike");
    }

    @Test
    void refusesMoreTokensThanPositions() {
        assertThatThrownBy(() -> NetworkDefinition.of(
                        TinyBundle.MODEL.recipe(), 25, TinyBundle.LABELS, Map.of(), TinyBundle.MODEL.network()))
                .hasMessage("Cannot define a model: found 25 max tokens, expected 16 to the network's 24 positions");
    }
}
