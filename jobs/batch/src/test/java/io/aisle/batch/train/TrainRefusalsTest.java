package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.PreparedManifest.ClassRows;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainRefusalsTest {
    @TempDir
    Path temporary;

    @Test
    void refusesLabelWithoutTrainRow() throws IOException {
        writeManifest(
                5,
                new ClassRows("Home > Lamps", 90, 80, 5, 5),
                new ClassRows("Tools > Saws", 3, 0, 2, 1),
                new ClassRows("Tools > Vices", 1, 0, 0, 1));

        assertRefused(
                "Cannot train on " + data() + ": found no train row for 2 of 3 labels, expected at least one each:"
                        + " Tools > Saws; Tools > Vices. Prepare with a larger --min-class-size or --fraction, or another"
                        + " --split-seed.");
    }

    @Test
    void refusesDataWithoutValidationRow() throws IOException {
        writeManifest(0, new ClassRows("Home > Lamps", 90, 90, 0, 0), new ClassRows("Tools > Saws", 10, 10, 0, 0));

        assertRefused("Cannot train on " + data() + ": found no validation row, expected some to choose the best epoch"
                + " and the threshold by. Prepare with a larger second share in --split.");
    }

    @Test
    void refusesTheOneClass() throws IOException {
        writeManifest(9, new ClassRows("Home > Lamps", 90, 80, 9, 1));

        assertRefused("Cannot train on " + data() + ": found the one label Home > Lamps, expected at least two."
                + " Prepare with a smaller --min-class-size or another --label.");
    }

    @Test
    void refusesUnfinishedPreparedData() throws IOException {
        Files.createDirectories(temporary.resolve("data/train"));

        assertRefused("Cannot read prepared data from " + data() + ": found no manifest.json (prepare did not finish),"
                + " expected what prepare writes. Run prepare, and give its --output.");
    }

    @Test
    void refusesPreparedDataThatIsNotThere() {
        assertRefused("Cannot read prepared data from " + data() + ": found no manifest.json (no such directory),"
                + " expected what prepare writes. Run prepare, and give its --output.");
    }

    @Test
    void refusesOutputThatExists() throws IOException {
        writeManifest(9, new ClassRows("Home > Lamps", 90, 80, 9, 1));
        Path output = Files.createDirectories(temporary.resolve("bundle"));
        Files.writeString(output.resolve("precious"), "mine");

        AisleRun run = train();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "Cannot write a model bundle to file:" + output
                                + ": found something there already, expected nothing. Choose another --output, or remove it.\n");
        assertThat(output.resolve("precious")).hasContent("mine");
    }

    @Test
    void refusesOutputBelowFileBeforeItTrains() throws IOException {
        writeManifest(9, new ClassRows("Home > Lamps", 90, 80, 9, 1), new ClassRows("Tools > Saws", 10, 10, 0, 0));
        Files.writeString(temporary.resolve("file"), "");

        AisleRun run = AisleRun.of(
                "train",
                "--data",
                data(),
                "--output",
                temporary.resolve("file/bundle").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("Cannot write file:" + temporary.resolve("file/bundle") + ": ");
    }

    @Test
    void refusesTargetPrecisionThatNoBundleCanState() {
        AisleRun run = AisleRun.of(
                "train", "--data", data(), "--set", "train.target-precision=0", "--output", data() + "-bundle");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("train.target-precision: found 0.0, expected a number from 0.01 to 1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "bag, 'mean, since the kind is bag'",
        "distilbert-frozen, 'none, since a frozen encoder is read both ways'"
    })
    void refusesAPoolingThatTheKindHasNot(String kind, String expected) {
        AisleRun run = AisleRun.of(
                "train",
                "--data",
                data(),
                "--kind",
                kind,
                "--encoder",
                "directory",
                "--set",
                "train.pooling=cls",
                "--output",
                data() + "-bundle");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("train.pooling: found cls, expected " + expected);
    }

    private void assertRefused(String message) {
        AisleRun run = train();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(temporary.resolve("bundle")).doesNotExist();
    }

    private AisleRun train() {
        return AisleRun.of(
                "train",
                "--data",
                data(),
                "--output",
                temporary.resolve("bundle").toString());
    }

    private String data() {
        return temporary.resolve("data").toString();
    }

    private void writeManifest(long validationRows, ClassRows... classes) throws IOException {
        PreparedManifest manifest = new PreparedManifest(
                PreparedManifest.VERSION,
                TextRecipe.standard(),
                Map.of(),
                Map.of("validation", validationRows),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(classes),
                "fingerprint");
        Files.createDirectories(temporary.resolve("data"));
        Files.writeString(temporary.resolve("data/manifest.json"), manifest.json());
    }
}
