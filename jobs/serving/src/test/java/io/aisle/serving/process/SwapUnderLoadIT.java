package io.aisle.serving.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.aisle.serving.RunningServer;
import io.aisle.serving.TestBundles;
import io.aisle.serving.bench.LoadClient;
import io.aisle.serving.bench.LoadClient.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Champions that change while 16 connections ask without a pause. */
class SwapUnderLoadIT {
    private static final int SWAPS = 6;

    @TempDir
    private Path models;

    @Test
    void noRequestFailsWhileChampionsChange() throws IOException, InterruptedException {
        for (int i = 0; i <= SWAPS; i++) {
            TestBundles.linear(models.resolve("model-" + i), 4 + i);
        }
        TestBundles.linear(models.resolve("damaged"), 3);
        Files.writeString(models.resolve("damaged/labels.txt"), "changed");
        TestBundles.promote(models, 1, "model-0");
        try (RunningServer server = RunningServer.start(
                "--demo",
                "--model",
                models.toString(),
                "--set",
                "serve.poll-seconds=1",
                "--set",
                "serve.cache-megabytes=0")) {
            LoadClient client = new LoadClient(
                    server.port(), "/v1/classify", number -> "{\"products\":[{\"title\":\"tea " + number + "\"}]}", 0);
            CompletableFuture<Result> load = CompletableFuture.supplyAsync(() -> run(client));
            List<String> seen = new ArrayList<>();
            for (int i = 1; i <= SWAPS; i++) {
                TestBundles.promote(models, 2 * i, "damaged");
                awaitModel(server, "damaged", "refused", "name");
                TestBundles.promote(models, 2 * i + 1, "model-" + i);
                awaitModel(server, "model-" + i, "name");
                seen.add("model-" + i);
            }
            Result result = load.join();

            assertThat(seen).hasSize(SWAPS);
            assertThat(result.statuses()).containsOnlyKeys(200);
            assertThat(result.answers(200)).isGreaterThan(1_000);
            assertThat(server.messages().lines().filter(line -> line.contains("refused model damaged")))
                    .hasSizeGreaterThanOrEqualTo(SWAPS);
        }
    }

    private static Result run(LoadClient client) {
        try {
            return client.run(16, 4 + 3 * SWAPS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitModel(RunningServer server, String name, String... path)
            throws IOException, InterruptedException {
        for (int look = 0; look < 600; look++) {
            JsonNode found = RunningServer.json(server.get("/v1/model"));
            for (String each : path) {
                found = found.path(each);
            }
            if (found.asText().equals(name)) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("did not see " + name + ": " + server.messages());
    }
}
