package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.HalfLabelled;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.OnnxWeights;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.text.Vocabulary;
import io.aisle.training.InitialWeights;
import io.aisle.training.encoder.Encoder;
import io.aisle.training.encoder.EncoderDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What train can do beside its defaults. */
@TestInstance(Lifecycle.PER_CLASS)
class TrainKindsTest {
    @TempDir
    static Path temporary;

    private Path bag;

    @BeforeAll
    void trainABag() {
        bag = temporary.resolve("bag");
        train(bag, "--kind", "bag", "--epochs", "8");
    }

    @Test
    void aBagHasWordsAndAHeadAndLearnsInSeconds() {
        ModelBundle bundle = ModelBundle.open(bag);

        assertThat(bundle.network("test", "none").model().network().hasLayers()).isFalse();
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("kind", "bag")
                .containsEntry("learning_rate", "0.01");
        assertThat(bundle.manifest().metrics().get("validation_accuracy")).isGreaterThan(0.6);
    }

    @Test
    void anEncoderStartsFromTheWordsOfABag() {
        Path output = temporary.resolve("from-bag");
        // the head alone is trained, so that the words stay what they were
        train(
                output,
                "--embeddings",
                bag.toString(),
                "--unfreeze",
                "0",
                "--epochs",
                "1",
                "--set",
                "train.pooling=cls-and-mean");

        ModelBundle bundle = ModelBundle.open(output);
        assertThat(bundle.network("test", "none").model().network().pooling()).isEqualTo(Pooling.CLS_AND_MEAN);
        assertThat(bundle.network("test", "none").vocabulary().pieces())
                .isEqualTo(ModelBundle.open(bag)
                        .network("test", "none")
                        .vocabulary()
                        .pieces());
        assertThat(words(output)).isEqualTo(words(bag));
    }

    @Test
    void anEncoderOfADirectoryIsFineTunedWithItsOwnVocabulary() {
        Path encoder = encoder(32);
        Path output = temporary.resolve("fine-tuned");
        AisleRun run = train(
                output,
                "--encoder",
                encoder.toString(),
                "--unfreeze",
                "1",
                "--epochs",
                "2",
                "--set",
                "train.learning-rate=0.003",
                "--set",
                "train.layer-decay=0.9");

        ModelBundle bundle = ModelBundle.open(output);
        assertThat(run.out()).contains("encoder of 2 layers, 16 wide, 1,000 word pieces: file:" + encoder);
        assertThat(bundle.network("test", "none").vocabulary().pieces())
                .isEqualTo(ModelBundle.open(bag)
                        .network("test", "none")
                        .vocabulary()
                        .pieces());
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("encoder", encoder.toString())
                .containsEntry("unfreeze", "1")
                .containsEntry("pooling", "cls")
                .containsEntry("dropout", "0.1")
                .doesNotContainKey("vocabulary_size");
        assertThat(words(output))
                .as("below the layer that was trained")
                .isEqualTo(EncoderDirectory.read(encoder)
                        .weights()
                        .get(DistilBertWeights.WORD_EMBEDDINGS)
                        .values());
    }

    @Test
    void aFrozenEncoderGetsAHeadAndASecondOneForNothing() {
        Path encoder = encoder(32);
        String features = temporary.resolve("features").toString();
        Path output = temporary.resolve("frozen");
        String[] options = {
            "--kind",
            "distilbert-frozen",
            "--encoder",
            encoder.toString(),
            "--set",
            "train.frozen.features=" + features,
            "--set",
            "train.frozen.reg=[0.01]",
            "--class-weights",
            "inverse"
        };
        AisleRun first = train(output, options);
        AisleRun second = train(temporary.resolve("frozen-again"), options);

        ModelBundle bundle = ModelBundle.open(output);
        assertThat(first.out()).doesNotContain("encoded 0 texts");
        assertThat(second.out()).contains("encoded 0 texts; their features are kept in " + features);
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("kind", "distilbert-frozen")
                .containsEntry("reg", "0.01")
                .containsEntry("class_weights", "inverse")
                .doesNotContainKeys("epochs", "teacher");
        assertThat(bundle.manifest().metrics().get("validation_macro_f1")).isGreaterThan(0.1);
        assertThat(bundle.manifest().metrics())
                .containsOnlyKeys(
                        ModelBundle.open(bag).manifest().metrics().keySet().toArray(String[]::new));
    }

    @Test
    void refusesAnEncoderThatIsNotThereOrTooShort() {
        assertThat(AisleRun.of(command(temporary.resolve("never"), "--encoder", "distilbert-base-uncased"))
                        .err())
                .isEqualTo(
                        "Cannot read the encoder distilbert-base-uncased: found no such directory, expected tiny, mini,"
                                + " or a directory as Hugging Face publishes it. Fetch one by scripts/fetch-encoder.\n");
        assertThat(AisleRun.of(command(temporary.resolve("never"), "--encoder", "bag"))
                        .err())
                .as("a kind, no encoder")
                .startsWith("Cannot read the encoder bag: found no such directory, expected tiny, mini,");
        AisleRun tooShort = AisleRun.of(
                command(temporary.resolve("never"), "--encoder", encoder(16).toString()));
        assertThat(tooShort.exitCode()).isEqualTo(2);
        assertThat(tooShort.err())
                .isEqualTo(
                        "Cannot train on texts of 32 word pieces: found an encoder of 16 positions, expected as many or"
                                + " more. Lower --max-tokens.\n");
    }

    /** Of random weights, with the bag's vocabulary. */
    private Path encoder(int positions) {
        Path directory = temporary.resolve("encoder-" + positions);
        if (!Files.exists(directory)) {
            Vocabulary vocabulary =
                    ModelBundle.open(bag).network("test", "none").vocabulary();
            DistilBertConfig config = new DistilBertConfig(vocabulary.size(), positions, 16, 2, 2, 32, Pooling.CLS);
            SortedMap<String, Tensor> weights = InitialWeights.random(config, 2, 1);
            weights.keySet().removeIf(name -> name.startsWith("classifier."));
            EncoderDirectory.write(new Encoder(config, vocabulary, weights), directory);
        }
        return directory;
    }

    @Test
    void aTeacherSpeaksOfRowsWithoutALabelToo() {
        Map<String, Long> rows = HalfLabelled.prepared().manifest().rows();
        assertThat(rows.get("unlabelled")).isGreaterThan(300);
        Path output = temporary.resolve("student");
        AisleRun run = train(
                output,
                "--kind",
                "bag",
                "--epochs",
                "6",
                "--teacher",
                bag.toString(),
                "--set",
                "train.teacher-share=1",
                "--unlabelled",
                HalfLabelled.directory().toString());

        ModelBundle bundle = ModelBundle.open(output);
        assertThat(run.out())
                .contains(String.format(
                        Locale.ROOT,
                        "and on %,d rows of which the teacher alone speaks",
                        rows.get("train") + rows.get("unlabelled")))
                .contains("best epoch ");
        assertThat(bundle.manifest().metrics().get("validation_accuracy"))
                .as("without a look at a label")
                .isGreaterThan(0.6);
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("teacher", bag.toString())
                .containsEntry("teacher_share", "1.0");
    }

    @Test
    void refusesUnlabelledRowsOfWhichThereAreNone() {
        String same = TrainedBundle.prepared().toString();
        AisleRun run =
                AisleRun.of(command(temporary.resolve("never"), "--teacher", bag.toString(), "--unlabelled", same));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("Cannot learn from unlabelled rows: found none in " + same
                        + ", expected prepared data with rows that have no label, or other data than that of --data."
                        + " Prepare a catalog with some, or leave --unlabelled away.\n");
    }

    @Test
    void refusesATeacherOfOtherLabels() {
        Path other = HandMadeBundle.get().directory();
        AisleRun run = AisleRun.of(command(temporary.resolve("never"), "--teacher", other.toString()));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("Cannot learn from the teacher " + other + ": found 3 labels without ")
                .endsWith("of the prepared data. Take a teacher that was trained on the same labels.\n");
    }

    @Test
    void refusesWordsOfAnotherWidth() {
        AisleRun run =
                AisleRun.of(command(temporary.resolve("never"), "--encoder", "mini", "--embeddings", bag.toString()));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("Cannot start from the words of " + bag
                        + ": found embeddings of 128 dimensions, expected 256, as wide as the encoder.\n");
    }

    @Test
    void refusesWhatContradictsItself() {
        AisleRun run = AisleRun.of(command(
                temporary.resolve("never"),
                "--kind",
                "bag",
                "--embeddings",
                bag.toString(),
                "--unlabelled",
                "elsewhere",
                "--unfreeze",
                "some"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("train.embeddings: found " + bag + ", expected none, but for an encoder from the seed")
                .contains("train.unlabelled: found elsewhere, expected a teacher beside it (--teacher)")
                .contains("train.unfreeze: found \"some\", expected a whole number");
    }

    private static float[] words(Path bundle) {
        return OnnxWeights.read(
                        ModelBundle.open(bundle).network("test", "none").modelFile(), DistilBertWeights.WORD_EMBEDDINGS)
                .values();
    }

    private static AisleRun train(Path output, String... options) {
        return AisleRun.succeeding(command(output, options).toArray(String[]::new));
    }

    private static List<String> command(Path output, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "train",
                "--data",
                TrainedBundle.prepared().toString(),
                "--max-tokens",
                "32",
                "--set",
                "train.vocabulary-size=1000",
                "--set",
                "train.threads=1",
                "--output",
                output.toString()));
        command.addAll(List.of(options));
        return command;
    }
}
