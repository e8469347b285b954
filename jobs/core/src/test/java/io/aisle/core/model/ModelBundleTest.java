package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.metric.BootstrapIntervals.Interval;
import io.aisle.core.model.TrainingSummary.Epoch;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertGraph;
import io.aisle.core.onnx.TinyDistilBert;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBundleTest {
    @TempDir
    private Path parent;

    private Path directory;
    private ModelBundle written;

    @BeforeEach
    void writeBundle() {
        directory = parent.resolve("bundle");
        written = TinyBundle.finish(TinyBundle.write(directory));
    }

    @Test
    void readsBackWhatWasWritten() {
        ModelBundle bundle = ModelBundle.open(directory);

        assertThat(bundle.directory()).isEqualTo(directory);
        assertThat(bundle.network("test", "none").modelFile()).isEqualTo(directory.resolve("model.onnx"));
        assertThat(bundle.labels()).isEqualTo(TinyBundle.LABELS);
        assertThat(bundle.recipe()).isEqualTo(TinyBundle.MODEL.recipe());
        assertThat(bundle.network("test", "none").vocabulary().size()).isEqualTo(TinyBundle.VOCABULARY.size());
        ModelManifest manifest = bundle.manifest();
        assertThat(manifest.formatVersion()).isEqualTo(1);
        assertThat(manifest.model()).isEqualTo(TinyBundle.MODEL);
        assertThat(manifest.provenance()).isEqualTo(TinyBundle.PROVENANCE);
        assertThat(manifest.metrics()).containsEntry("accuracy", 0.5).containsEntry("auc", Double.NaN);
        assertThat(manifest.scaling()).isEqualTo(Scaling.temperature(1.5f));
        assertThat(manifest.acceptThreshold()).isEqualTo(0.75);
        assertThat(manifest.targetPrecision()).isEqualTo(0.92);
        assertThat(manifest.files()).containsOnlyKeys("README.md", "labels.txt", "model.onnx", "vocab.txt");
        assertThat(manifest.probes()).extracting(Probe::product).isEqualTo(ProbeProducts.all());
    }

    @Test
    void namesItselfByTheHashOfItsManifest() throws IOException {
        ModelBundle bundle = ModelBundle.open(directory);

        assertThat(bundle.hash())
                .isEqualTo(Sha256.hex(Files.readAllBytes(directory.resolve("manifest.json"))))
                .hasSize(64);
        assertThat(bundle.version()).hasSize(12).isEqualTo(bundle.hash().substring(0, 12));
        assertThat(written.hash()).isEqualTo(bundle.hash());
    }

    @Test
    void foldsRareCategoriesAndLeavesTheOthers() {
        ModelDefinition model = ModelBundle.open(directory).manifest().model();

        assertThat(model.folded(CategoryPath.of("Tools", "Anvils"))).isEqualTo(CategoryPath.of("Tools", "other"));
        assertThat(model.folded(CategoryPath.of("Grocery", "Café"))).isEqualTo(CategoryPath.of("Grocery", "Café"));
    }

    @Test
    void scoresAsItDidBeforeItWasFinished() {
        List<Product> products = List.of(TinyBundle.product("lamp, tea", "drill"));
        try (Classifier before = TinyBundle.MODEL.open(directory, 1, Device.CPU);
                Classifier after = ModelBundle.open(directory).classifier(1)) {
            assertThat(after.probabilities(products).get(0))
                    .containsExactly(before.probabilities(products).get(0), within(1e-6f));
        }
    }

    @Test
    void opensBundlesOfBeforeTheyToldOfTheirTraining() throws IOException {
        Path file = directory.resolve("manifest.json");
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        assertThat(json.remove("training")).isNotNull();
        Files.writeString(file, json.toString());

        assertThat(ModelBundle.open(directory).manifest().training()).isEqualTo(TrainingSummary.NONE);
    }

    @Test
    void keepsWhatWasToldOfTheTraining() {
        TrainingSummary training = TrainingSummary.of(
                Map.of("train", 30L, "validation", 4L),
                List.of(10L, 15L, 5L),
                Map.of(
                        "validation_accuracy",
                        new Interval(0.5, 0.75),
                        "undefined",
                        new Interval(Double.NaN, Double.NaN)),
                List.of(new Epoch(1, 2.5, 1.25, new TreeMap<>(Map.of("macro_f1", 0.5, "auc", Double.NaN)))));
        Path told = parent.resolve("told");
        TinyBundle.write(told).finish(TinyBundle.PROVENANCE, Map.of(), training, 0.75, 0.92);

        assertThat(ModelBundle.open(told).manifest().training()).isEqualTo(training);
        assertThat(training.intervals()).containsOnlyKeys("validation_accuracy");
    }

    @Test
    void refusesWhatIsNoDirectory() {
        assertRefused(
                directory.resolve("model.onnx"),
                "found no such directory, expected a model bundle. Give the path of a finished bundle.");
        assertRefused(
                parent.resolve("nowhere"),
                "found no such directory, expected a model bundle. Give the path of a finished bundle.");
    }

    @Test
    void refusesUnfinishedBundle() throws IOException {
        Files.delete(directory.resolve("manifest.json"));

        assertRefused(
                directory,
                "found an unfinished bundle without manifest.json, expected the manifest that is written last."
                        + " Its training did not end well: train again, or give another bundle.");
    }

    @Test
    void refusesTruncatedManifest() throws IOException {
        String json = Files.readString(directory.resolve("manifest.json"));
        Files.writeString(directory.resolve("manifest.json"), json.substring(0, json.length() / 2));

        assertRefusedStartingWith(
                "found a manifest.json that does not parse, expected the one that was written with the bundle.");
    }

    @Test
    void refusesUnknownKey() throws IOException {
        editManifest("\"temperature\" : 1.5", "\"temperature\" : 1.5,\n  \"humidity\" : 3");

        assertRefusedStartingWith("found a manifest.json that does not parse").hasMessageContaining("\"humidity\"");
    }

    @Test
    void refusesMissingKey() throws IOException {
        editManifest("  \"temperature\" : 1.5,\n", "");

        assertRefusedStartingWith("found a manifest.json that does not parse").hasMessageContaining("temperature");
    }

    @Test
    void refusesBundleOfAnotherFormatVersion() throws IOException {
        editManifest("\"formatVersion\" : 1,", "\"formatVersion\" : 2,\n  \"humidity\" : 3,");

        assertRefused(directory, "found format version 2, expected 1. Train again with this version of Aisle.");
    }

    @Test
    void refusesBundleOfAnotherRecipeVersion() throws IOException {
        editManifest(
                "\"recipe\" : {\n      \"version\" : 1,",
                "\"recipe\" : {\n      \"version\" : 7,\n      \"glue\" : 3,");

        assertRefused(directory, "found recipe version 7, expected 1. Train again with this version of Aisle.");
    }

    @Test
    void refusesModelOfAnotherKind() throws IOException {
        editManifest("\"kind\" : \"distilbert\"", "\"kind\" : \"oracle\"");

        assertRefused(
                directory,
                "found kind oracle, expected one of distilbert, linear, trees, mlp, stack, cascade. Train again with this version of Aisle.");
    }

    @Test
    void refusesNetworkWithAChangedByte() throws IOException {
        String expected = written.manifest().files().get("model.onnx");
        String found = changeByte("model.onnx");

        assertRefused(
                directory,
                "found model.onnx with sha256 " + found + ", expected sha256 " + expected
                        + ". It is damaged or was changed: copy the bundle again, or train again.");
    }

    @Test
    void refusesVocabularyWithAChangedByte() throws IOException {
        String expected = written.manifest().files().get("vocab.txt");
        String found = changeByte("vocab.txt");

        assertRefused(
                directory,
                "found vocab.txt with sha256 " + found + ", expected sha256 " + expected
                        + ". It is damaged or was changed: copy the bundle again, or train again.");
    }

    @Test
    void refusesMissingFile() throws IOException {
        Files.delete(directory.resolve("labels.txt"));

        assertRefused(
                directory,
                "found no file labels.txt, expected every file that the manifest lists."
                        + " It is damaged or was changed: copy the bundle again, or train again.");
    }

    @Test
    void refusesManifestThatLeavesTheNetworkOut() throws IOException {
        editManifest("\"model.onnx\" :", "\"other.onnx\" :");

        assertRefused(
                directory,
                "found a manifest that lists [README.md, labels.txt, other.onnx, vocab.txt], expected model.onnx among"
                        + " them. It is damaged or was changed: copy the bundle again, or train again.");
    }

    @Test
    void refusesFileOutsideTheDirectory() throws IOException {
        Files.copy(directory.resolve("README.md"), parent.resolve("README.md"));
        editManifest("\"README.md\" :", "\"../README.md\" :");

        assertRefusedStartingWith("found no file ../README.md, expected every file that the manifest lists.");
    }

    @Test
    void refusesLabelsInAnotherOrder() throws IOException {
        editManifest(
                "[ [ \"Home\", \"Lighting > Lamps\" ], [ \"Grocery\", \"Café\" ]",
                "[ [ \"Grocery\", \"Café\" ], [ \"Home\", \"Lighting > Lamps\" ]");

        assertRefused(
                directory,
                "found 3 labels in labels.txt, not those of the manifest, expected the same 3 in the same order."
                        + " It is damaged or was changed: copy the bundle again, or train again.");
    }

    @Test
    void refusesVocabularyOfAnotherSize() throws IOException {
        int size = TinyBundle.VOCABULARY.size();
        editManifest("\"vocabularySize\" : " + size, "\"vocabularySize\" : " + (size + 1));

        assertRefused(
                directory,
                "found a vocabulary of " + size + " word pieces, expected " + (size + 1)
                        + ", as many as the network has embeddings. Train again with the vocabulary of the encoder.");
    }

    @Test
    void refusesNetworkOfAnotherLabelCount() throws IOException {
        replaceNetwork(2, 11);

        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot score with the network " + directory.resolve("model.onnx")
                        + ": found an output of 2 labels, expected 3, those of the model. Train again.");
    }

    @Test
    void refusesNetworkThatAnswersTheProbesOtherwise() throws IOException {
        replaceNetwork(3, 12);

        assertRefusedStartingWith("found logit -")
                .hasMessageContaining(" of label 0 for probe-1, expected -")
                .hasMessageEndingWith(
                        " to within 0.001. This machine or this version of Aisle scores otherwise than the"
                                + " one that trained: train again.");
    }

    @Test
    void refusesProbeOfAnotherLabelCount() throws IOException {
        Path file = directory.resolve("manifest.json");
        ObjectMapper json = new ObjectMapper();
        JsonNode manifest = json.readTree(file.toFile());
        ((ArrayNode) manifest.path("probes").path(0).path("logits")).remove(2);
        json.writeValue(file.toFile(), manifest);

        assertRefused(
                directory,
                "found 2 logits of probe-1 in the manifest, expected 3, one a label."
                        + " It is damaged or was changed: copy the bundle again, or train again.");
    }

    /** Puts another network in the bundle, with a hash that fits. */
    private void replaceNetwork(int labels, long seed) throws IOException {
        var config = TinyDistilBert.config(TinyBundle.VOCABULARY.size(), 24, Pooling.MEAN);
        byte[] other = DistilBertGraph.build(config, TinyDistilBert.weights(config, labels, seed), 1.5f)
                .toByteArray();
        Files.write(directory.resolve("model.onnx"), other);
        editManifest(written.manifest().files().get("model.onnx"), Sha256.hex(other));
    }

    private void editManifest(String found, String replacement) throws IOException {
        Path file = directory.resolve("manifest.json");
        String json = Files.readString(file);
        assertThat(json).containsOnlyOnce(found);
        Files.writeString(file, json.replace(found, replacement));
    }

    /** Changes the last byte of a file; returns its new sha256. */
    private String changeByte(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(name));
        bytes[bytes.length - 1] ^= 1;
        Files.write(directory.resolve(name), bytes);
        return Sha256.hex(bytes);
    }

    private static void assertRefused(Path directory, String message) {
        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot open the model bundle " + directory + ": " + message);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefusedStartingWith(String message) {
        return assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot open the model bundle " + directory + ": " + message);
    }
}
