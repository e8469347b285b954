package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.model.TrainingSummary;
import io.aisle.core.onnx.OnnxNetwork;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class TrainJobTest {
    @TempDir
    static Path temporary;

    private ModelBundle bundle;
    private JsonNode prepared;

    @BeforeAll
    void train() throws IOException {
        bundle = TrainedBundle.get();
        prepared = new ObjectMapper()
                .readTree(TrainedBundle.prepared().resolve("manifest.json").toFile());
    }

    @Test
    void bundleHoldsWhatItsManifestListsAndNothingElse() throws Exception {
        ModelManifest manifest = bundle.manifest();
        Set<String> files = files(bundle.directory());

        Set<String> listed = new TreeSet<>(manifest.files().keySet());
        listed.add("manifest.json");
        assertThat(files).isEqualTo(listed);
        assertThat(files)
                .contains("README.md", "vocab.txt", "labels.txt", "model.onnx", "spark-nlp/metadata/part-00000");
        assertThat(manifest.files().get("model.onnx"))
                .isEqualTo(sha256(bundle.network("test", "none").modelFile()));
        assertThat(manifest.formatVersion()).isEqualTo(ModelManifest.FORMAT_VERSION);
        assertThat(manifest.probes()).hasSize(20);
    }

    @Test
    void bundleCarriesTheLabelsFoldsAndRecipeOfThePreparedData() throws IOException {
        List<String> labels = prepared.get("classes").findValuesAsText("label").stream()
                .sorted()
                .toList();

        assertThat(labels).hasSizeGreaterThan(5);
        assertThat(bundle.labels()).extracting(CategoryPath::toString).isEqualTo(labels);
        assertThat(Files.readAllLines(bundle.directory().resolve("labels.txt"))).isEqualTo(labels);
        assertThat(bundle.manifest().model().foldMap())
                .isNotEmpty()
                .hasSize(prepared.get("foldMap").size());
        prepared.get("foldMap")
                .fields()
                .forEachRemaining(fold -> assertThat(bundle.manifest().model().foldMap())
                        .containsEntry(fold.getKey(), fold.getValue().asText()));
        assertThat(bundle.recipe()).isEqualTo(TextRecipe.standard());
        assertThat(bundle.network("test", "none").model().maxTokens()).isEqualTo(48);
        assertThat(bundle.network("test", "none").vocabulary().size())
                .isLessThanOrEqualTo(1_200)
                .isGreaterThan(500);
    }

    @Test
    void bundleSaysWhereItComesFromAndHowGoodItIs() throws IOException {
        ModelManifest manifest = bundle.manifest();

        assertThat(manifest.provenance().dataFingerprint())
                .isEqualTo(prepared.get("fingerprint").asText());
        assertThat(manifest.provenance().seeds()).containsEntry("train", 42L);
        assertThat(manifest.provenance().parameters())
                .containsEntry("epochs", "3")
                .containsEntry("kind", "distilbert")
                .containsEntry("encoder", "tiny")
                .containsEntry("vocabulary_size", "1200")
                .containsEntry("threads", "1")
                .containsEntry("prepare.min_class_size", "30")
                .containsEntry("prepare.split_seed", "42");
        assertThat(manifest.provenance().libraries()).containsKeys("spark", "java", "pytorch");
        assertThat(manifest.metrics())
                .containsOnlyKeys(
                        "validation_accuracy",
                        "validation_macro_f1",
                        "validation_weighted_f1",
                        "validation_log_loss_uncalibrated",
                        "validation_accepted_precision",
                        "validation_accepted_share",
                        "validation_ece_before",
                        "validation_ece_after");
        assertThat(manifest.metrics().get("validation_accuracy")).isBetween(0.5, 1.0);
        TrainingSummary training = manifest.training();
        assertThat(training.intervals())
                .containsOnlyKeys(
                        "validation_accuracy",
                        "validation_macro_f1",
                        "validation_weighted_f1",
                        "validation_accepted_precision");
        training.intervals()
                .forEach((name, interval) -> assertThat(manifest.metrics().get(name))
                        .as(name)
                        .isBetween(interval.lower(), interval.upper()));
        assertThat(training.epochs()).extracting(TrainingSummary.Epoch::epoch).containsExactly(1, 2, 3);
        assertThat(training.trainRows().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(training.rows().get("train"));
        assertThat(manifest.targetPrecision()).isEqualTo(0.92);
        assertThat(manifest.metrics().get("validation_accepted_precision")).isGreaterThanOrEqualTo(0.92);
        assertThat(manifest.acceptThreshold()).isBetween(0.1, 1.0);
        assertThat(Files.readString(bundle.directory().resolve("README.md"))).startsWith("---\n");
        try (OnnxNetwork network =
                OnnxNetwork.open(bundle.network("test", "none").modelFile(), 1)) {
            assertThat(network.labels()).isEqualTo(bundle.labels().size());
        }
    }

    @Test
    void saysWhatItLearntAndWhereTheBundleLies() {
        assertThat(TrainedBundle.trainOut())
                .containsPattern(
                        "validation ECE 0\\.\\d{3} before calibration, 0\\.\\d{3} after \\(temperature \\d+\\.\\d{3}\\)\n")
                .contains("learnt 1,200 word pieces")
                .contains("training "
                        + String.format("%,d", prepared.get("rows").get("train").asLong()) + " rows of "
                        + bundle.labels().size() + " classes, up to 3 epochs")
                .contains("epoch 3: train loss ")
                .contains("model bundle " + bundle.version() + ": file:" + bundle.directory());
    }

    @Test
    void sameSeedGivesTheSameNetworkAndAnotherSeedAnother() throws Exception {
        // an empty directory counts as absent
        Files.createDirectories(temporary.resolve("first"));

        String first = quicklyTrained("first", "1");
        String again = quicklyTrained("again", "1");
        String other = quicklyTrained("other", "2");

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void lossThatIsNoNumberEndsTheTrainingAndLeavesNothing() throws IOException {
        Path output = temporary.resolve("diverged");
        Set<String> before = trainingLeftovers();

        AisleRun run = AisleRun.of(
                "train",
                "--data",
                TrainedBundle.prepared().toString(),
                "--set",
                "train.learning-rate=10",
                "--set",
                "train.weight-decay=10",
                "--set",
                "train.vocabulary-size=200",
                "--set",
                "train.threads=1",
                "--set",
                "train.warmup-share=0",
                "--max-tokens",
                "16",
                "--output",
                output.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("Cannot train: the ")
                .contains(" of epoch 1 at learning rate ")
                .endsWith("expected a finite number; lower the learning rate or the max gradient norm\n")
                .doesNotContain("\tat ");
        assertThat(output).doesNotExist();
        assertThat(trainingLeftovers()).isEqualTo(before);
    }

    private String quicklyTrained(String name, String seed) throws Exception {
        Path output = temporary.resolve(name);
        AisleRun.succeeding(
                "train",
                "--data",
                TrainedBundle.prepared().toString(),
                "--epochs",
                "1",
                "--max-tokens",
                "16",
                "--seed",
                seed,
                "--set",
                "train.vocabulary-size=300",
                "--set",
                "train.threads=1",
                "--output",
                output.toString());
        return sha256(ModelBundle.open(output).network("test", "none").modelFile());
    }

    /** Of this process: others may be training at the same time. */
    private static Set<String> trainingLeftovers() throws IOException {
        try (Stream<Path> paths = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return paths.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(
                            "aisle-train-" + ProcessHandle.current().pid() + "-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> files(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
