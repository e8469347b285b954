package io.aisle.batch.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.HandMadeBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateRefusalsTest {
    @TempDir
    Path temporary;

    @Test
    void refusesTooManyUnknownLabelsAndNamesThemMostFrequentFirst() throws IOException {
        List<String> lines = known(97);
        lines.add(line("u1", "Garden > Gnomes"));
        lines.add(line("u2", "Toys"));
        lines.add(line("u3", "Garden > Gnomes"));

        AisleRun run = evaluate(lines);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("Cannot evaluate on " + input() + ": found 3 of 100 labelled rows (3.00%) with a label that"
                        + " the model does not know, expected at most 1.00%: Garden > Gnomes (2); Toys (1). Check"
                        + " --label, or raise --max-unknown-labels.\n");
        assertThat(output()).doesNotExist();
    }

    @Test
    void countsUnknownLabelsUpToTheShareAllowed() throws IOException {
        List<String> lines = known(99);
        lines.add(line("u1", "Toys"));

        AisleRun run = evaluate(lines);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("1 rows have a label that the model does not know: Toys (1)");
        JsonNode rows = new ObjectMapper()
                .readTree(output().resolve("metrics.json").toFile())
                .get("rows");
        assertThat(rows.get("unknown_label").asLong()).isEqualTo(1);
        assertThat(rows.get("evaluated").asLong()).isEqualTo(99);
    }

    @Test
    void refusesCatalogWithoutLabel() throws IOException {
        AisleRun run = evaluate(List.of("{\"asin\": \"1\", \"title\": \"tea\"}", "{\"asin\": \"2\"}", "{"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("Cannot evaluate on " + input() + ": found no usable record with a label among 3."
                        + " Check --format, and name the truth with --label.\n");
        assertThat(output()).doesNotExist();
    }

    @Test
    void refusesOutputThatExists() throws IOException {
        Files.createDirectories(output().resolve("metrics"));

        AisleRun run = evaluate(known(1));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "Cannot write an evaluation to file:" + output()
                                + ": found something there already, expected nothing. Choose another --output, or remove it.\n");
    }

    @Test
    void refusesBundleThatIsNotThere() throws IOException {
        Files.write(temporary.resolve("input.jsonl"), known(1));

        AisleRun run = AisleRun.of(
                "evaluate", "--model", temporary + "/nowhere", "--input", input(), "--output", output() + "");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("Cannot open the model bundle " + temporary
                        + "/nowhere: found no such directory, expected a model bundle. Give the path of a finished"
                        + " bundle.\n");
    }

    @Test
    void refusesCorrectionsForTheirProductsMayHaveNoText() throws IOException {
        AisleRun run = evaluate(known(1), "--format", "corrections");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("catalog.format: found corrections, expected prepared data or a raw catalog");
    }

    private AisleRun evaluate(List<String> lines, String... options) throws IOException {
        Files.write(temporary.resolve("input.jsonl"), lines);
        List<String> arguments = new ArrayList<>(List.of(
                "evaluate",
                "--model",
                HandMadeBundle.get().directory().toString(),
                "--input",
                input(),
                "--output",
                output().toString()));
        Collections.addAll(arguments, options);
        return AisleRun.of(arguments.toArray(String[]::new));
    }

    private String input() {
        return temporary.resolve("input.jsonl").toString();
    }

    private Path output() {
        return temporary.resolve("evaluation");
    }

    private static List<String> known(int rows) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            lines.add(line("k" + i, i % 2 == 0 ? "Grocery > Tea" : "Home > Lamps"));
        }
        return lines;
    }

    private static String line(String id, String label) {
        return "{\"asin\": \"%s\", \"title\": \"tea\", \"category\": [\"%s\"]}"
                .formatted(id, String.join("\", \"", label.split(" > ")));
    }
}
