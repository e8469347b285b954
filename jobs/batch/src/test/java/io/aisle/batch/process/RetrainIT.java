package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code scripts/retrain} as a process: a catalog with one class on the wrong shelf, whose products people put right by the service, which
 * takes the new model. What was measured goes to {@code target/retrain.json}.
 */
class RetrainIT {
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final Path DIRECTORY = Fixtures.fresh("retrain");
    private static final Path MODELS = DIRECTORY.resolve("models");
    private static final Path WORK = DIRECTORY.resolve("work");
    private static final int CORRECTIONS = 300;

    /** Classes of fewer products than these say little of whether a class holds. */
    private static final int MANY = 50;

    private static WrongShelf shelf;
    private static Map<String, Double> before;

    @BeforeAll
    static void theFirstChampionLearnsTheWrongShelf() throws IOException, InterruptedException {
        shelf = WrongShelf.write(DIRECTORY.resolve("shop"));
        assertThat(shelf.wrong()).isBetween(CORRECTIONS, CORRECTIONS + 80);
        try (AisleProcess process = retrain("monday", shelf.corrections("none", 0))) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            assertThat(process.out())
                    .contains("corrections: 0 read, ")
                    .contains("champion before: none\nchampion now:    monday\n")
                    .contains("\nchampion: " + MODELS + "/monday\n");
        }
        before = heldOut("monday");
    }

    private static AisleProcess serve(Path corrections) {
        return AisleProcess.serve(
                Map.of(),
                "--demo",
                "--model",
                MODELS.toString(),
                "--corrections",
                corrections.toString(),
                "--set",
                "serve.poll-seconds=1");
    }

    /** Sends what people say of the wrong products to the service, which stores it. */
    private static Path sent(AisleProcess service, Path corrections) throws IOException, InterruptedException {
        URI feedback = URI.create("http://127.0.0.1:" + service.awaitPort() + "/v1/feedback");
        HttpClient client = HttpClient.newHttpClient();
        List<String> requests = shelf.requests(CORRECTIONS);
        for (int i = 0; i < requests.size(); i++) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(feedback)
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", "request-" + i)
                            .POST(HttpRequest.BodyPublishers.ofString(requests.get(i)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        }
        return corrections;
    }

    private static AisleProcess retrain(String name, Path corrections, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "--models",
                MODELS.toString(),
                "--input",
                shelf.catalog().toString(),
                "--corrections",
                corrections.toString(),
                "--work",
                WORK.toString(),
                "--name",
                name,
                "--kind",
                "bag",
                "--min-class-size",
                "20"));
        words.addAll(List.of(more));
        if (words.stream().noneMatch(word -> word.startsWith("train.epochs="))) {
            words.addAll(List.of("--set", "train.epochs=6"));
        }
        return AisleProcess.startScript("retrain", words.toArray(String[]::new));
    }

    /** F1 of each class on the products that no model has seen, with their true labels; of small classes only their macro F1's part. */
    private static Map<String, Double> heldOut(String name) throws IOException {
        Path output = DIRECTORY.resolve("held-out-" + name);
        AisleRun.succeeding(
                "evaluate", "--model=" + MODELS.resolve(name), "--input=" + shelf.heldOut(), "--output=" + output);
        JsonNode metrics =
                new ObjectMapper().readTree(output.resolve("metrics.json").toFile());
        Map<String, Double> scores = new HashMap<>();
        for (JsonNode of : metrics.path("classes")) {
            if (of.path("support").asInt() >= MANY) {
                scores.put(of.path("label").asText(), of.path("f1").asDouble());
            }
        }
        return scores;
    }

    private static String champion() throws IOException {
        return new ObjectMapper()
                .readTree(MODELS.resolve("CURRENT").toFile())
                .path("run_id")
                .asText();
    }

    @Test
    void correctionsBringTheClassBackAndTheGateLetsTheModelThrough() throws IOException, InterruptedException {
        Path corrections = DIRECTORY.resolve("corrections");
        try (AisleProcess service = serve(corrections);
                AisleProcess process = retrain("tuesday", sent(service, corrections))) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            assertThat(process.out())
                    // a product that is in the catalog twice may have kept its label
                    .containsPattern(
                            "corrections: 300 read, 300 applied \\(\\d of them say what the catalog says\\), 0 added")
                    .contains("champion before: monday\nchampion now:    tuesday\n");
            service.awaitErrorLine("serving model tuesday, version ", LIMIT);
        }
        Map<String, Double> after = heldOut("tuesday");

        Files.writeString(
                Path.of("target", "retrain.json"),
                new ObjectMapper()
                        .writeValueAsString(Map.of("wrong", shelf.wrong(), "before", before, "after", after)));
        assertThat(champion()).isEqualTo("tuesday");
        assertThat(after.get(WrongShelf.CLASS)).isGreaterThan(before.get(WrongShelf.CLASS) + 0.3);
        after.forEach((label, f1) -> assertThat(f1).as(label).isGreaterThan(before.getOrDefault(label, 1.0) - 0.02));
        try (AisleProcess again = retrain("tuesday", corrections)) {
            assertThat(again.exitCode(LIMIT)).as("%s", again).isZero();
            assertThat(again.out()).startsWith("tuesday was retrained already; it ended with exit code 0.");
        }
        try (Stream<Path> trail = Files.list(WORK.resolve("tuesday/prepared/corrections"))) {
            assertThat(trail).anyMatch(file -> file.toString().endsWith(".parquet"));
        }
    }

    @Test
    void aKilledOneGoesOnAndAWorseModelIsRefused() throws IOException, InterruptedException {
        String[] worse = {"--set", "train.epochs=1", "--set", "train.learning-rate=0.0001"};
        Path corrections = shelf.corrections("few", 20);
        try (AisleProcess process = retrain("wednesday", corrections, worse)) {
            process.awaitLine("$ scripts/aisle train ", LIMIT);
            process.terminate();
            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(143);
        }
        String champion = champion();

        try (AisleProcess process = retrain("wednesday", corrections, worse)) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(4);
            assertThat(process.out())
                    .contains("prepare was done by an earlier try: ")
                    .doesNotContain("read 6,000 records");
            assertThat(process.err())
                    .contains("Cannot promote wednesday: ")
                    .contains("wednesday was not promoted: the champion stays.");
        }
        assertThat(champion()).isEqualTo(champion);
    }
}
