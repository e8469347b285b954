package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.OnnxWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

        assertThat(bundle.manifest().model().network().hasLayers()).isFalse();
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("kind", "bag")
                .containsEntry("learning_rate", "0.01");
        assertThat(bundle.manifest().metrics().get("validation_accuracy")).isGreaterThan(0.6);
    }

    @Test
    void anEncoderStartsFromTheWordsOfABag() {
        Path output = temporary.resolve("from-bag");
        // the head alone is trained, so that the words stay what they were
        train(output, "--embeddings", bag.toString(), "--unfreeze", "0", "--epochs", "1");

        ModelBundle bundle = ModelBundle.open(output);
        assertThat(bundle.vocabulary().pieces())
                .isEqualTo(ModelBundle.open(bag).vocabulary().pieces());
        assertThat(words(output)).isEqualTo(words(bag));
    }

    @Test
    void aTeacherSpeaksOfRowsWithoutALabelToo() {
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
                TrainedBundle.prepared().toString());

        ModelBundle bundle = ModelBundle.open(output);
        assertThat(run.out()).contains("best epoch ");
        assertThat(bundle.manifest().metrics().get("validation_accuracy"))
                .as("without a look at a label")
                .isGreaterThan(0.6);
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("teacher", bag.toString())
                .containsEntry("teacher_share", "1.0");
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
        return OnnxWeights.read(ModelBundle.open(bundle).modelFile(), DistilBertWeights.WORD_EMBEDDINGS)
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
