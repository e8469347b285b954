package io.aisle.batch.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * An output that is written night after night, of catalogs that are titles by id.
 *
 * @param temporary an empty directory
 */
record Nightly(Path temporary) {
    private static final Map<Map<String, String>, Path> MONDAYS = new HashMap<>();

    /** Runs the first night; a copy where another test had one of the same catalog. */
    void monday(Map<String, String> titles) throws IOException {
        Path made = MONDAYS.get(titles);
        if (made == null) {
            Nightly first = new Nightly(Fixtures.fresh("monday-" + MONDAYS.size()));
            assertThat(first.nightly("monday", titles).exitCode()).isZero();
            made = first.output();
            MONDAYS.put(titles, made);
        }
        Fixtures.copy(made, output());
    }

    AisleRun nightly(String runId, Map<String, String> titles, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--previous", "CURRENT"));
        Collections.addAll(all, options);
        return classify(runId, titles, all.toArray(String[]::new));
    }

    AisleRun classify(String runId, Map<String, String> titles, String... options) throws IOException {
        List<String> lines = new ArrayList<>();
        titles.forEach((id, title) -> lines.add("{\"asin\": \"" + id + "\", \"title\": \"" + title + "\"}"));
        Path input = Files.write(temporary.resolve(runId + ".jsonl"), lines);
        List<String> arguments = new ArrayList<>(
                List.of("classify", "--input", input.toString(), "--output", output().toString(), "--run-id", runId));
        List<String> given = List.of(options);
        if (!given.contains("--model")) {
            Collections.addAll(
                    arguments, "--model", HandMadeBundle.get().directory().toString());
        }
        Collections.addAll(arguments, "--set", "classify.engine=onnx");
        arguments.addAll(given);
        return AisleRun.of(arguments.toArray(String[]::new));
    }

    Path output() {
        return temporary.resolve("output");
    }

    Path run(String runId) {
        return output().resolve("runs").resolve(runId);
    }

    String currentRun() throws IOException {
        return new ObjectMapper()
                .readTree(output().resolve("CURRENT").toFile())
                .get("run_id")
                .asText();
    }

    JsonNode json(String runId, String name) throws IOException {
        return new ObjectMapper().readTree(run(runId).resolve(name).toFile());
    }

    Map<String, Row> predictions(String runId) {
        Map<String, Row> predictions = new TreeMap<>();
        for (Row row : TestSession.get()
                .read()
                .parquet(run(runId).resolve("predictions").toString())
                .collectAsList()) {
            assertThat(predictions.put(row.getAs("id"), row)).isNull();
        }
        return predictions;
    }
}
