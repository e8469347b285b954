package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.HalfLabelled;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.text.TextRecipe;
import io.aisle.training.encoder.Encoder;
import io.aisle.training.encoder.EncoderDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class PretrainJobTest {
    private static final int MAX_TOKENS = 24;

    @TempDir
    static Path temporary;

    private Path directory;
    private AisleRun run;

    @BeforeAll
    void pretrainTheTinyEncoder() {
        directory = temporary.resolve("encoder");
        run = pretrain(TrainedBundle.prepared(), directory, "--epochs", "2");
    }

    @Test
    void writesAnEncoderInTheLayoutOfHuggingFaceAndNothingElse() {
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        Encoder encoder = EncoderDirectory.read(directory);

        assertThat(encoder.config().with(Pooling.MEAN))
                .isEqualTo(Start.Size.TINY.config(encoder.vocabulary().size(), MAX_TOKENS));
        assertThat(encoder.vocabulary().size()).isBetween(400, 600);
        assertThat(run.out())
                .contains("epoch 1: train loss ")
                .contains(", masked accuracy 0.")
                .containsPattern("best epoch 2: \\d+\\.\\d% of the hidden word pieces of validation rows guessed, ")
                .contains("encoder " + encoder.fingerprint().substring(0, 12) + ": file:" + directory);
        assertThat(temporary.resolve(".encoder-training")).doesNotExist();
    }

    @Test
    void trainStartsFromIt() {
        Path output = temporary.resolve("fine-tuned");
        train(output, "--epochs", "1");

        assertThat(ModelBundle.open(output).network("test", "none").vocabulary())
                .isEqualTo(EncoderDirectory.read(directory).vocabulary());
    }

    @Test
    void aHeadIsFittedToItWhileItIsFrozen() {
        Path output = temporary.resolve("frozen");
        train(
                output,
                "--kind",
                "distilbert-frozen",
                "--set",
                "train.frozen.features=" + temporary.resolve("features"),
                "--set",
                "train.frozen.reg=[0.01]");

        assertThat(ModelBundle.open(output).manifest().provenance().parameters())
                .containsEntry("kind", "distilbert-frozen");
    }

    @Test
    void goesOnFromAnEncoderWithItsVocabulary() {
        Path output = temporary.resolve("further");
        AisleRun further = pretrain(
                TrainedBundle.prepared(), output, "--encoder", directory.toString(), "--epochs", "1", "--seed", "3");

        assertThat(further.exitCode()).as(further.err()).isZero();
        Encoder before = EncoderDirectory.read(directory);
        Encoder after = EncoderDirectory.read(output);
        assertThat(after.vocabulary()).isEqualTo(before.vocabulary());
        assertThat(after.config()).isEqualTo(before.config());
        assertThat(after.fingerprint()).isNotEqualTo(before.fingerprint());
    }

    @Test
    void learnsFromRowsWithoutALabelToo() {
        Map<String, Long> rows = HalfLabelled.prepared().manifest().rows();
        AisleRun half = pretrain(HalfLabelled.directory(), temporary.resolve("half"), "--epochs", "1");

        assertThat(half.exitCode()).as(half.err()).isZero();
        assertThat(rows.get("unlabelled")).isGreaterThan(300);
        assertThat(half.out())
                .contains("training on the text of " + (rows.get("train") + rows.get("unlabelled")) + " rows");
    }

    @Test
    void refusesTextsThatTheEncoderHasNoPositionsFor() {
        assertRefused(
                pretrain(
                        TrainedBundle.prepared(),
                        temporary.resolve("never"),
                        "--encoder",
                        directory.toString(),
                        "--max-tokens",
                        "64"),
                "Cannot train on texts of 64 word pieces: found an encoder of 24 positions, expected as many or more."
                        + " Lower --max-tokens.");
    }

    @Test
    void refusesAnOutputThatExists() {
        assertRefused(
                pretrain(TrainedBundle.prepared(), directory),
                "Cannot write an encoder to file:" + directory
                        + ": found something there already, expected nothing. Choose another --output, or remove it.");
    }

    @Test
    void refusesABagWhichHasNothingToGuessAWordFrom() {
        assertRefused(
                pretrain(TrainedBundle.prepared(), temporary.resolve("never"), "--encoder", "bag"),
                "Cannot read the encoder bag: found no such directory, expected tiny, mini, or a directory as Hugging Face"
                        + " publishes it. Fetch one by scripts/fetch-encoder.");
    }

    @Test
    void refusesDataWithoutValidationRow() throws IOException {
        PreparedManifest manifest = new PreparedManifest(
                PreparedManifest.VERSION,
                TextRecipe.standard(),
                Map.of(),
                Map.of("train", 9L, "validation", 0L),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                "fingerprint");
        Path data = Files.createDirectories(temporary.resolve("data"));
        Files.writeString(data.resolve("manifest.json"), manifest.json());

        assertRefused(
                pretrain(data, temporary.resolve("never")),
                "Cannot train on " + data + ": found no validation row, expected some to choose the best epoch by."
                        + " Prepare with a larger second share in --split.");
    }

    private static void assertRefused(AisleRun run, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(temporary.resolve("never")).doesNotExist();
    }

    private static AisleRun pretrain(Path data, Path output, String... options) {
        List<String> command = new ArrayList<>(List.of("pretrain", "--data", data.toString()));
        if (!List.of(options).contains("--max-tokens")) {
            command.addAll(List.of("--max-tokens", "" + MAX_TOKENS));
        }
        command.addAll(List.of(
                "--set", "pretrain.vocabulary-size=600", "--set", "pretrain.threads=1", "--output", output.toString()));
        command.addAll(List.of(options));
        return AisleRun.of(command.toArray(String[]::new));
    }

    private void train(Path output, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "train",
                "--data",
                TrainedBundle.prepared().toString(),
                "--encoder",
                directory.toString(),
                "--max-tokens",
                "" + MAX_TOKENS,
                "--set",
                "train.threads=1",
                "--output",
                output.toString()));
        command.addAll(List.of(options));
        AisleRun.succeeding(command.toArray(String[]::new));
    }
}
