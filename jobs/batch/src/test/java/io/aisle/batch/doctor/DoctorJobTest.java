package io.aisle.batch.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorJobTest {
    @TempDir
    Path folder;

    private Path catalog;

    @BeforeEach
    void writesCatalog() throws IOException {
        catalog = Files.writeString(folder.resolve("catalog.jsonl"), "{\"id\": \"1\", \"title\": \"tea\"}\n");
    }

    private AisleRun doctor(Path model, Path output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "doctor", "--model", model.toString(), "--input", catalog.toString(), "--output", output.toString()));
        arguments.addAll(List.of(more));
        return AisleRun.of(arguments);
    }

    /** By name, the verdict and what was found. */
    private static Map<String, String> findings(AisleRun run) {
        Map<String, String> findings = new TreeMap<>();
        run.out().lines().filter(line -> line.matches("(ok|warn|fail|skip) .*")).forEach(line -> {
            String[] parts = line.split(" {2,}", 3);
            findings.put(parts[1], parts[0] + " " + parts[2]);
        });
        return findings;
    }

    @Test
    void aMachineThatIsWellLeavesNothingBehind() throws IOException {
        Path output = folder.resolve("deep/down/output");

        AisleRun run = doctor(HandMadeBundle.get().directory(), output);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(findings(run))
                .containsEntry("java", "ok Java " + System.getProperty("java.version") + " on the driver")
                .containsEntry(
                        "storage: input",
                        "ok " + catalog + ": readable; first file catalog.jsonl, " + Files.size(catalog) + " bytes")
                .containsEntry("storage: output", "ok " + output + ": writable, published by a lock file")
                .containsEntry("model: tasks", "ok opened where tasks run; 19 probes scored there")
                .containsEntry("pytorch", "skip only train, compare and pretrain need it");
        assertThat(findings(run).get("engines")).startsWith("ok the same token ids, probabilities apart by up to ");
        assertThat(findings(run).get("model"))
                .contains("version " + HandMadeBundle.get().version() + ", 3 labels, kind distilbert, verified");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(catalog);
        }
    }

    @Test
    void whatIsNotGivenIsSkipped() {
        AisleRun run = AisleRun.of("doctor");

        assertThat(run.exitCode()).isZero();
        assertThat(findings(run))
                .containsEntry(
                        "settings",
                        "skip classify also needs --model, --input, --output; what depends on them is not looked at")
                .containsEntry("storage: model", "skip no --model given")
                .containsEntry("model", "skip no --model given");
        assertThat(findings(AisleRun.of("doctor", "rollback")))
                .containsEntry("settings", "skip rollback also needs a place; what depends on them is not looked at")
                .containsEntry("model", "skip the job takes no model");
    }

    @Test
    void eachCheckRunsThoughOthersFail() throws IOException {
        Path broken = Fixtures.copy(HandMadeBundle.get().directory(), folder.resolve("broken"));
        Files.writeString(broken.resolve("vocab.txt"), "more\n", StandardOpenOption.APPEND);
        Path file = Files.writeString(folder.resolve("file"), "");

        AisleRun run = doctor(
                broken,
                file.resolve("output"),
                "--input",
                folder.resolve("*.csv").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        run = AisleRun.of(
                "doctor",
                "--model",
                broken.toString(),
                "--input",
                folder.resolve("*.csv").toString(),
                "--output",
                file.resolve("output").toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "Cannot recommend to run classify: found 3 checks that fail (storage: input, storage: output, model),"
                                + " expected none. Do what stands below each (→), and run the doctor again.\n");
        assertThat(findings(run))
                .containsEntry(
                        "storage: input",
                        "fail Cannot read file:" + folder
                                + "/*.csv: found nothing there, expected a file, a directory or a pattern that matches some")
                .containsEntry("engines", "skip needs a model that opens where tasks run")
                .hasSizeGreaterThan(15);
        assertThat(findings(run).get("storage: output")).startsWith("fail Cannot write file:" + file + "/output: ");
        assertThat(findings(run).get("model"))
                .startsWith("fail Cannot open the model bundle " + broken + ": found vocab.txt with sha256 ");
        assertThat(run.out())
                .contains("→ Correct the path.\n")
                .contains("→ It is damaged or was changed: copy the bundle again");
    }

    @Test
    void saysThatSparkNlpCannotRunABundleAndFailsOnlyWhereItIsTheEngine() {
        Path bundle = folder.resolve("aisle6");
        HandMadeBundle.write(
                bundle,
                new HandMadeBundle.Variant(
                        HandMadeBundle.LABELS,
                        Map.of(),
                        Map.of("tea", HandMadeBundle.TEA),
                        List.of("aisle6"),
                        1,
                        Map.of()));
        String found =
                " Cannot build the Spark NLP pipeline: found aisle6 in the vocabulary, expected that word to be free for id 6";

        AisleRun bySparkNlp = doctor(bundle, folder.resolve("output"));
        AisleRun byOnnx = doctor(bundle, folder.resolve("output"), "--engine", "onnx");

        assertThat(findings(bySparkNlp)).containsEntry("engines", "fail" + found);
        assertThat(bySparkNlp.out()).contains("→ Use the engine onnx.\n");
        assertThat(bySparkNlp.exitCode()).isEqualTo(2);
        assertThat(findings(byOnnx)).containsEntry("engines", "warn" + found);
        assertThat(byOnnx.exitCode()).isZero();
    }

    @Test
    void anOutputThatMustBeNewIsLookedAtAsTheJobDoes() throws IOException {
        Path output = Files.createDirectories(folder.resolve("prepared"));
        Files.writeString(output.resolve("kept"), "");

        AisleRun run = AisleRun.of("doctor", "prepare", "--input", catalog.toString(), "--output", output.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(findings(run).get("storage: output"))
                .isEqualTo("fail Cannot write a result to file:" + output
                        + ": found something there already, expected nothing");
        assertThat(findings(run).get("settings"))
                .startsWith("ok prepare has all options that it needs; its first step: read ");
    }

    @Test
    void settingsOfTheJobAreCheckedWithItsOwn() {
        AisleRun run = doctor(HandMadeBundle.get().directory(), folder.resolve("output"), "--keep", "1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("  - classify.keep: found 1, expected a whole number from 2 to ");
    }

    @Test
    void trainingNeedsPyTorch() {
        for (String job : List.of("train", "compare", "pretrain")) {
            AisleRun run = AisleRun.of("doctor", job);

            assertThat(findings(run).get("pytorch")).as(job).matches("ok PyTorch \\S+ runs where tasks run");
        }
    }

    @Test
    void aDryRunSaysWhatWouldBeLookedAt() {
        AisleRun run = AisleRun.of(
                "doctor",
                "evaluate",
                "--dry-run",
                "--output",
                folder.resolve("x").toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("would look at java: Java 17 and its open packages, on the driver and every executor\n")
                .contains("would look at clock: ");
    }

    @Test
    void machinesReadOneObjectACheck() throws IOException {
        AisleRun run =
                AisleRun.of("doctor", "--input", folder.resolve("missing").toString(), "--set", "log.format=json");

        List<JsonNode> findings = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            JsonNode node = new ObjectMapper().readTree(line);
            if (node.has("verdict")) {
                findings.add(node);
            }
        }
        assertThat(findings).hasSizeGreaterThan(15).allSatisfy(node -> {
            assertThat(node.fieldNames())
                    .toIterable()
                    .contains("time", "name", "verdict", "found", "remedy", "message");
            assertThat(node.path("verdict").textValue()).isIn("ok", "warn", "fail", "skip");
            assertThat(node.path("job").textValue()).isEqualTo("doctor");
        });
        assertThat(findings)
                .filteredOn(node -> node.path("name").textValue().equals("storage: input"))
                .singleElement()
                .satisfies(node -> {
                    assertThat(node.path("verdict").textValue()).isEqualTo("fail");
                    assertThat(node.path("remedy").textValue()).isEqualTo("Correct the path.");
                });
    }
}
