package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.product.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearClassifierTest {
    private static final float TOLERANCE = 1e-6f;

    @TempDir
    private Path parent;

    private Path directory;
    private ModelBundle written;

    @BeforeEach
    void writeBundle() {
        directory = parent.resolve("bundle");
        written = TinyLinear.finish(TinyLinear.write(directory));
    }

    @Test
    void readsBackWhatWasWritten() {
        ModelBundle bundle = ModelBundle.open(directory);

        ModelManifest manifest = bundle.manifest();
        assertThat(manifest.model()).isEqualTo(TinyLinear.MODEL);
        assertThat(bundle.labels()).isEqualTo(TinyBundle.LABELS);
        assertThat(bundle.hash()).isEqualTo(written.hash());
        assertThat(manifest.scaling()).isEqualTo(Scaling.temperature(1.5f));
        assertThat(manifest.files())
                .containsOnlyKeys(
                        "README.md",
                        "labels.txt",
                        "linear/bias.npy",
                        "linear/data.npy",
                        "linear/features.txt",
                        "linear/idf.npy",
                        "linear/indices.npy",
                        "linear/indptr.npy");
        assertThat(manifest.probes()).extracting(Probe::product).isEqualTo(ProbeProducts.all());
    }

    @Test
    void answersAsByHand() {
        List<float[]> logits;
        try (Classifier classifier = ModelBundle.open(directory).classifier(1)) {
            assertThat(classifier.labels()).isEqualTo(TinyBundle.LABELS);
            logits = classifier.logits(List.of(
                    TinyBundle.product("tea", ""),
                    // lamp weighs 1 / sqrt(2), and so does tea
                    TinyBundle.product("Lamp, tea", "drill"),
                    // drill: (1 + ln 2) / norm = 1.6931 / 1.9664 = 0.861037, lamp: 1 / 1.9664 = 0.508542
                    TinyBundle.product("drill lamp drill", ""),
                    TinyBundle.product("", "")));
        }

        assertThat(logits.get(0)).containsExactly(logSigmoids(0, 2, 0.5f), within(TOLERANCE));
        assertThat(logits.get(1)).containsExactly(logSigmoids(1.414214f, 0.707107f, 0.5f), within(TOLERANCE));
        assertThat(logits.get(2)).containsExactly(logSigmoids(1.017084f, -0.508542f, 2.222074f), within(2e-6f));
        assertThat(logits.get(3)).containsExactly(logSigmoids(0, 0, 0.5f), within(TOLERANCE));
    }

    @Test
    void probabilitiesSumToOne() {
        try (Classifier classifier = ModelBundle.open(directory).classifier(1)) {
            List<float[]> probabilities = classifier.probabilities(ProbeProducts.all());
            assertThat(probabilities)
                    .hasSize(20)
                    .allSatisfy(each -> assertThat(sum(each)).isCloseTo(1, within(1e-6)));
            // the sigmoids of 0, 2 and 0.5 are 0.5, 0.8808 and 0.6225, together 2.0033
            assertThat(classifier
                            .probabilities(List.of(TinyBundle.product("tea", "")))
                            .get(0))
                    .containsExactly(new float[] {0.24959f, 0.43968f, 0.31072f}, within(1e-5f));
        }
    }

    @Test
    void scoresAsItDidBeforeItWasFinished() {
        List<Product> products = List.of(TinyBundle.product("lamp, tea", "drill"), TinyBundle.product("drill", ""));
        try (Classifier before = TinyLinear.write(parent.resolve("other")).classifier();
                Classifier after = ModelBundle.open(directory).classifier(1);
                Classifier sent = ModelBundle.openClassifier(directory, 4, Device.CPU)) {
            assertThat(after.logits(products)).usingRecursiveComparison().isEqualTo(before.logits(products));
            assertThat(sent.logits(products)).usingRecursiveComparison().isEqualTo(before.logits(products));
        }
    }

    @Test
    void threadsDoNotShowInTheAnswers() throws Exception {
        List<Product> products = ProbeProducts.all();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Classifier classifier = ModelBundle.open(directory).classifier(1)) {
            List<float[]> expected = classifier.logits(products);
            Callable<List<float[]>> call = () -> classifier.logits(products);
            for (Future<List<float[]>> found :
                    threads.invokeAll(Stream.generate(() -> call).limit(40).toList())) {
                assertThat(found.get()).usingRecursiveComparison().isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void manifestTellsKindAndSettings() throws IOException {
        JsonNode model = new ObjectMapper()
                .readTree(directory.resolve("manifest.json").toFile())
                .get("model");

        assertThat(model.get("kind").asText()).isEqualTo("linear");
        assertThat(model.get("features").asInt()).isEqualTo(3);
        assertThat(model.get("ngrams").toString())
                .isEqualTo("{\"maxWords\":1,\"minCharacters\":1,\"maxCharacters\":0,\"removed\":[\"PUNCTUATION\"],"
                        + "\"fieldWeights\":{\"brand\":0.25,\"title\":1.0}}");
        assertThat(model.get("recipe").get("version").asInt()).isEqualTo(1);
        assertThat(model.get("labels").toString())
                .isEqualTo("[[\"Home\",\"Lighting > Lamps\"],[\"Grocery\",\"Café\"],[\"Tools\",\"other\"]]");
        assertThat(model.get("foldMap").toString()).isEqualTo("{\"Tools > Anvils\":\"Tools > other\"}");
    }

    @Test
    void cardTellsWhatItIs() throws IOException {
        assertThat(Files.readString(directory.resolve("README.md")))
                .contains("A linear classifier of 3 features, its weights in `linear/`")
                .contains("listed in `linear/features.txt`")
                .doesNotContain("model.onnx", "word pieces");
    }

    @Test
    void equalArgumentsGiveEqualBundles() {
        assertThat(TinyLinear.finish(TinyLinear.write(parent.resolve("again"))).hash())
                .isEqualTo(written.hash());
    }

    @Test
    void scoringNeedsAllButTheCard() throws IOException {
        assertThat(written.scoringFiles())
                .containsExactly(
                        "labels.txt",
                        "linear/bias.npy",
                        "linear/data.npy",
                        "linear/features.txt",
                        "linear/idf.npy",
                        "linear/indices.npy",
                        "linear/indptr.npy");
        Files.delete(directory.resolve("README.md"));
        try (Classifier classifier = ModelBundle.openClassifier(directory, 1, Device.CPU)) {
            assertThat(classifier.labels()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "labels.txt",
                "linear/bias.npy",
                "linear/data.npy",
                "linear/features.txt",
                "linear/idf.npy",
                "linear/indices.npy",
                "linear/indptr.npy"
            })
    void refusesFileThatWasChangedOrIsMissing(String name) throws IOException {
        Path file = directory.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        for (int place : new int[] {0, bytes.length / 2, bytes.length - 1}) {
            byte[] changed = bytes.clone();
            changed[place] ^= 1;
            Files.write(file, changed);

            assertThatThrownBy(() -> ModelBundle.open(directory))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot open the model bundle " + directory + ": found " + name + " with sha256 "
                            + Sha256.hex(changed) + ", expected sha256 " + Sha256.hex(bytes)
                            + ". It is damaged or was changed: copy the bundle again, or train again.");
        }

        Files.delete(file);

        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot open the model bundle " + directory + ": found no file " + name
                        + ", expected every file that the manifest lists."
                        + " It is damaged or was changed: copy the bundle again, or train again.");
    }

    @Test
    void refusesManifestThatLeavesWeightsOut() throws IOException {
        editManifest(manifest -> ((ObjectNode) manifest.get("files")).remove("linear/data.npy"));

        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("expected linear/data.npy among them. It is damaged or was changed");
    }

    @Test
    void refusesManifestOfOtherFeatures() throws IOException {
        editManifest(manifest -> ((ObjectNode) manifest.get("model")).put("features", 4));

        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot open the model bundle " + directory
                                + ": found 3 features, expected 4, as the manifest says. Copy the bundle again, or train again.");
    }

    @Test
    void refusesModelThatAnswersTheProbesOtherwise() throws IOException {
        // probe-1 is a drill: its 2 and the bias of 0.5 become 4 and 0.5, log σ(2.5) = -0.0789 and log σ(4.5) = -0.0110
        editManifest(
                manifest -> ((ObjectNode) manifest.get("model").get("ngrams").get("fieldWeights")).put("title", 2.0));

        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageMatching(
                        "Cannot open the model bundle " + directory
                                + ": found logit -0\\.0110\\d* of label 2 for probe-1, expected -0\\.0788\\d* to within 0\\.001\\."
                                + " This machine or this version of Aisle scores otherwise than the one that trained: train again.");
    }

    @Test
    void refusesWeightsThatAreNoNumbers() {
        assertThatThrownBy(() -> BundleWriter.write(
                        parent.resolve("nan"),
                        TinyLinear.MODEL,
                        bundle -> {
                            TinyLinear.writeContent(bundle);
                            Path bias = bundle.resolve("linear/bias.npy");
                            byte[] bytes = Files.readAllBytes(bias);
                            // the last number, least byte first: 0x7fc00000
                            bytes[bytes.length - 1] = 0x7f;
                            bytes[bytes.length - 2] = (byte) 0xc0;
                            Files.write(bias, bytes, StandardOpenOption.TRUNCATE_EXISTING);
                        },
                        Scaling.NONE))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot write the model bundle " + parent.resolve("nan") + ": found logit NaN for probe-1");
    }

    @Test
    void hasNoNetworkAndSaysWhatToGive() {
        assertThatThrownBy(() -> written.network("score by Spark NLP", "Give another."))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot score by Spark NLP: found the model " + directory
                        + " of kind linear, expected one with a network that reads word pieces."
                        + " Give another.");
    }

    private interface Edit {
        void of(JsonNode manifest);
    }

    private void editManifest(Edit edit) throws IOException {
        Path file = directory.resolve("manifest.json");
        ObjectMapper json = new ObjectMapper();
        JsonNode manifest = json.readTree(file.toFile());
        edit.of(manifest);
        json.writeValue(file.toFile(), manifest);
    }

    private static float[] logSigmoids(float... margins) {
        float[] logs = new float[margins.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = (float) -Math.log(1 + Math.exp(-margins[i]));
        }
        return logs;
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
