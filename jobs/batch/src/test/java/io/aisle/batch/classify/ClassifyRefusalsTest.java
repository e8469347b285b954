package io.aisle.batch.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is written, and no row read, with a bundle or a setting that is not in order. */
class ClassifyRefusalsTest {
    @TempDir
    Path temporary;

    private Path bundle;

    @BeforeEach
    void copyBundle() throws IOException {
        bundle = Fixtures.copy(HandMadeBundle.get().directory(), temporary.resolve("bundle"));
        Files.writeString(temporary.resolve("catalog.jsonl"), "{\"asin\": \"a\", \"title\": \"tea\"}\n");
    }

    @Test
    void refusesBundleOfWhichOneByteChanged() throws IOException {
        byte[] network = Files.readAllBytes(bundle.resolve("model.onnx"));
        network[network.length / 2] ^= 1;
        Files.write(bundle.resolve("model.onnx"), network);

        AisleRun run = classify();

        assertRefused(run);
        assertThat(run.err())
                .startsWith("Cannot open the model bundle " + bundle + ": found model.onnx with sha256 ")
                .contains(", expected sha256 "
                        + HandMadeBundle.get().manifest().files().get("model.onnx"))
                .endsWith("It is damaged or was changed: copy the bundle again, or train again.\n");
    }

    @Test
    void refusesBundleThatLacksPart() throws IOException {
        Files.delete(bundle.resolve("labels.txt"));

        AisleRun run = classify();

        assertRefused(run);
        assertThat(run.err())
                .isEqualTo("Cannot open the model bundle " + bundle + ": found no file labels.txt,"
                        + " expected every file that the manifest lists. It is damaged or was changed: copy the bundle"
                        + " again, or train again.\n");
    }

    @Test
    void refusesUnfinishedBundle() throws IOException {
        Files.delete(bundle.resolve("manifest.json"));

        AisleRun run = classify();

        assertRefused(run);
        assertThat(run.err())
                .isEqualTo("Cannot open the model bundle " + bundle + ": found an unfinished bundle without"
                        + " manifest.json, expected the manifest that is written last. Its training did not end well:"
                        + " train again, or give another bundle.\n");
    }

    @Test
    void refusesBundleOfAnotherRecipeVersion() throws IOException {
        replaceInManifest("\"version\" : 1", "\"version\" : 2");

        AisleRun run = classify();

        assertRefused(run);
        assertThat(run.err())
                .isEqualTo("Cannot open the model bundle " + bundle
                        + ": found recipe version 2, expected 1. Train again with this version of Aisle.\n");
    }

    @Test
    void refusesBundleOfAnotherFormatVersion() throws IOException {
        replaceInManifest("\"formatVersion\" : 1", "\"formatVersion\" : 7");

        AisleRun run = classify();

        assertRefused(run);
        assertThat(run.err())
                .isEqualTo("Cannot open the model bundle " + bundle
                        + ": found format version 7, expected 1. Train again with this version of Aisle.\n");
    }

    @Test
    void refusesBundleThatThisMachineScoresOtherwise() throws IOException {
        String manifest = Files.readString(bundle.resolve("manifest.json"));
        int logits = manifest.indexOf("\"logits\" : [");
        int comma = manifest.indexOf(',', logits);
        Files.writeString(
                bundle.resolve("manifest.json"),
                manifest.substring(0, logits) + "\"logits\" : [ -9.5" + manifest.substring(comma));

        AisleRun run = classify();

        assertRefused(run);
        assertThat(run.err())
                .startsWith("Cannot open the model bundle " + bundle + ": found logit -1.23")
                .endsWith(
                        " of label 0 for probe-1, expected -9.5 to within 0.001. This machine or this version of Aisle"
                                + " scores otherwise than the one that trained: train again.\n");
    }

    @Test
    void refusesMappedColumnThatNoRecordHas() {
        AisleRun run = classify("--format", "jsonl", "--columns", "id=asin,title=Name");

        assertRefused(run);
        assertThat(run.err())
                .isEqualTo("Cannot read " + temporary.resolve("catalog.jsonl")
                        + ": found no field Name in any record, expected one of asin, title. Correct --columns or"
                        + " --label.\n");
    }

    @Test
    void refusesRunIdThatIsNoPlainName() {
        AisleRun run = classify("--run-id", "../monday");

        assertRefused(run);
        assertThat(run.err())
                .isEqualTo("Cannot start a run: found the run id '../monday', expected at most 128 letters, digits,"
                        + " '.', '_' and '-', the first a letter or a digit. Choose another --run-id.\n");
    }

    @Test
    void refusesPreparedDataAndUnknownEngine() {
        AisleRun run = classify("--format", "prepared", "--engine", "tensorflow");

        assertRefused(run);
        assertThat(run.err())
                .contains("found 2 problems")
                .contains("catalog.format: found prepared, expected a raw catalog")
                .contains("classify.engine: found tensorflow, expected one of spark-nlp, onnx");
    }

    @Test
    void refusesCatalogThatIsNotThere() throws IOException {
        Files.delete(temporary.resolve("catalog.jsonl"));

        AisleRun run = classify();

        assertRefused(run);
        assertThat(run.err()).startsWith("Cannot read " + temporary.resolve("catalog.jsonl") + ": ");
    }

    private void replaceInManifest(String text, String replacement) throws IOException {
        String manifest = Files.readString(bundle.resolve("manifest.json"));
        assertThat(manifest).containsOnlyOnce(text);
        Files.writeString(bundle.resolve("manifest.json"), manifest.replace(text, replacement));
    }

    private void assertRefused(AisleRun run) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(temporary.resolve("output/CURRENT")).doesNotExist();
        assertThat(temporary.resolve("output/RUNNING")).doesNotExist();
        assertThat(temporary.resolve("output/runs")).doesNotExist();
    }

    private AisleRun classify(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "classify",
                "--model",
                bundle.toString(),
                "--input",
                temporary.resolve("catalog.jsonl").toString(),
                "--output",
                temporary.resolve("output").toString()));
        Collections.addAll(arguments, options);
        return AisleRun.of(arguments.toArray(String[]::new));
    }
}
