package io.aisle.batch.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Night after night over one output: what is refused, and what is written but not published. */
class NightlyRefusalsTest {
    private Nightly nights;

    @BeforeEach
    void takesAnOutput(@TempDir Path temporary) {
        nights = new Nightly(temporary);
    }

    @Test
    void refusesToScoreMoreThanTheCap() throws IOException {
        nights.monday(Map.of("a", "tea"));
        Map<String, String> products = Map.of("a", "tea", "b", "tea", "c", "tea");

        AisleRun refused = nights.classify(
                "tuesday", products, "--previous", "CURRENT", "--max-scored-rows", "1", "--engine", "onnx");

        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err())
                .isEqualTo("Cannot score the catalog: found 2 products to score (2 new, 0 changed, 0 because model or"
                        + " settings changed), expected at most 1. Nothing was changed; raise --max-scored-rows to allow"
                        + " it.\n");
        assertThat(nights.currentRun()).isEqualTo("monday");
        assertThat(nights.classify("tuesday", products, "--previous", "CURRENT", "--max-scored-rows", "2")
                        .exitCode())
                .isZero();
    }

    @Test
    void doesNotPublishRunWhoseLabelsShifted() throws IOException {
        nights.monday(Map.of("a", "tea", "b", "tea", "c", "lamp"));

        AisleRun run = nights.nightly(
                "tuesday", Map.of("a", "drill", "b", "drill", "c", "lamp"), "--set", "classify.max-label-shift=0.5");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .isEqualTo(
                        "Cannot publish run tuesday: against the published run monday found label_shift 0.667, expected"
                                + " at most 0.500. Look at file:" + nights.run("tuesday")
                                + "; if it is right, publish it with: aisle"
                                + " promote --output " + nights.output() + " --to tuesday\n");
        assertThat(nights.currentRun()).isEqualTo("monday");
        assertThat(nights.json("tuesday", "metrics.json").get("label_shift").asDouble())
                .isEqualTo(2 / 3.0, within(1e-9));
        assertThat(nights.output().resolve("audit")).isDirectoryContaining("glob:**/refused-*-tuesday.json");
        assertThat(nights.output().resolve("RUNNING")).doesNotExist();
    }

    @Test
    void doesNotPublishRunWhoseReviewShareChanged() throws IOException {
        nights.monday(Map.of("a", "tea", "b", "tea"));

        AisleRun run = nights.nightly("tuesday", Map.of("a", "tea", "b", "red"));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("found review_change 0.500, expected at most 0.100.");
    }

    @Test
    void doesNotPublishRunThatLostMostProducts() throws IOException {
        nights.monday(Map.of("a", "tea", "b", "tea", "c", "tea"));

        AisleRun run = nights.nightly("tuesday", Map.of("a", "tea"));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("found row_drop 0.667, expected at most 0.500.");
        assertThat(nights.nightly("wednesday", Map.of()).err())
                .contains("found row_drop 1.000, expected at most 0.500.")
                .doesNotContain("label_shift");
    }

    @Test
    void refusesPreviousRunThatIsNotThereOrNotWhole() throws IOException {
        AisleRun absent = nights.classify("monday", Map.of("a", "tea"), "--previous", "sunday");

        assertThat(absent.exitCode()).isEqualTo(2);
        assertThat(absent.err())
                .isEqualTo("Cannot read the run file:" + nights.run("sunday")
                        + ": found no such directory, expected what classify" + " wrote. Name a finished run.\n");
        Files.createDirectories(nights.run("sunday").resolve("predictions"));
        assertThat(nights.classify("monday", Map.of("a", "tea"), "--previous", "sunday")
                        .err())
                .contains("found no manifest.json (it did not finish)");
    }

    @Test
    void refusesToCarryOverFromRunThatLostPredictions() throws IOException {
        nights.monday(Map.of("a", "tea", "b", "lamp"));
        nights.nightly("tuesday", Map.of("a", "tea", "b", "lamp"));
        try (Stream<Path> files = Files.list(nights.run("monday").resolve("predictions"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
                Files.delete(file);
            }
        }

        AisleRun wednesday = nights.classify("wednesday", Map.of("a", "tea"), "--previous", "monday");

        assertThat(wednesday.exitCode()).isEqualTo(2);
        assertThat(wednesday.err())
                .isEqualTo(
                        "Cannot use the run file:" + nights.run("monday")
                                + ": found 0 predictions, expected the 2 of its manifest. Restore its files, or name another run.\n");
        assertThat(nights.run("wednesday")).doesNotExist();
    }

    @Test
    void refusesToStartBesidePublishedRunThatIsGone() throws IOException {
        nights.monday(Map.of("a", "tea"));
        Fixtures.delete(nights.run("monday"));

        AisleRun tuesday = nights.classify("tuesday", Map.of("a", "tea"));

        assertThat(tuesday.exitCode()).isEqualTo(2);
        assertThat(tuesday.err())
                .startsWith(
                        "Cannot start run tuesday: found the published run monday damaged, expected it whole, to compare"
                                + " with. Restore it, or go back to an earlier one: aisle rollback --output file:"
                                + nights.output())
                .contains("found no such directory");
    }

    @Test
    void refusesToStartBesidePublishedRunWhosePredictionsAreGone() throws IOException {
        nights.monday(Map.of("a", "tea"));
        Fixtures.delete(nights.run("monday").resolve("predictions"));

        AisleRun tuesday = nights.classify("tuesday", Map.of("a", "tea"));

        assertThat(tuesday.exitCode()).isEqualTo(2);
        assertThat(tuesday.err()).contains("found 0 predictions, expected the 1 of its manifest");
    }

    @Test
    void refusesToCarryOverFromTheRunThatItIsAboutToWrite() throws IOException {
        nights.monday(Map.of("a", "tea"));
        AisleRun refused = nights.nightly("tuesday", Map.of("b", "!!"));
        assertThat(refused.exitCode()).isEqualTo(4);

        AisleRun again = nights.classify("tuesday", Map.of("a", "tea"), "--previous", "tuesday");

        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err())
                .isEqualTo(
                        "Cannot carry over from the run file:" + nights.run("tuesday")
                                + ": found the run that is about to be written, expected an earlier one. Choose another --run-id.\n");
        assertThat(nights.run("tuesday").resolve("manifest.json")).exists();
    }
}
