package io.aisle.serving.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.serving.TestBundles;
import io.aisle.serving.bench.LoadClient;
import io.aisle.serving.bench.LoadClient.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many times more requests than the service can answer, in a heap that would not hold them: it refuses what it has no room for, and goes on.
 * {@code scripts/bench overload} runs it for five minutes, and writes what memory it took to {@code target/overload}.
 */
class OverloadIT {
    private static final int SECONDS = Integer.getInteger("aisle.overload.seconds", 10);
    private static final int LOOKS = 10;
    private static final int CONNECTIONS = 640;

    @TempDir
    private Path folder;

    /** Answers since the look before, and the memory by then. */
    private record Look(double seconds, long answered, long refused, long resident_mb) {}

    @Test
    void refusesWithoutFailingOrGrowing() throws IOException, InterruptedException {
        TestBundles.network(folder.resolve("model"), 4, 256, 1);
        List<Look> looks = new ArrayList<>();
        try (ServiceProcess service = ServiceProcess.start(
                List.of("-Xmx160m"),
                "--demo",
                "--model",
                folder.resolve("model").toString(),
                "--set",
                "serve.queue-products=1000",
                "--set",
                "serve.cache-megabytes=8")) {
            LoadClient client = new LoadClient(service.port(), "/v1/classify", OverloadIT::tenProducts, 0);
            long first = 0;
            long last = 0;
            for (int look = 1; look <= LOOKS; look++) {
                Result result = client.run(CONNECTIONS, SECONDS / (double) LOOKS);

                assertThat(result.statuses().keySet()).isSubsetOf(200, 503);
                assertThat(result.answers(503)).as("refused").isPositive();
                last = service.residentMegabytes();
                first = look == 2 ? last : first;
                looks.add(new Look(look * SECONDS / (double) LOOKS, result.answers(200), result.answers(503), last));
            }
            assertThat(last).as("resident MB at the end, and near the begin").isLessThan(first + 200);
            assertThat(isAnswering(service.port())).isTrue();
        }
        write(looks);
    }

    private static void write(List<Look> looks) throws IOException {
        Path directory = Files.createDirectories(Path.of("target", "overload"));
        new ObjectMapper().writeValue(directory.resolve("table.json").toFile(), looks);
        StringBuilder table = new StringBuilder("| seconds | 200 | 503 | resident MB |\n|---|---|---|---|\n");
        for (Look look : looks) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %.0f | %d | %d | %d |%n",
                    look.seconds(),
                    look.answered(),
                    look.refused(),
                    look.resident_mb()));
        }
        Files.writeString(directory.resolve("table.md"), table.toString());
    }

    private static String tenProducts(long number) {
        StringBuilder body = new StringBuilder("{\"products\":[");
        for (int i = 0; i < 10; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"title\":\"lamp tea drill ")
                    .append(number * 10 + i)
                    .append("\"}");
        }
        return body.append("]}").toString();
    }

    /** A good request, once the load is gone. */
    private static boolean isAnswering(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/classify"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"products\":[{\"title\":\"tea\"}]}"))
                .build();
        for (int attempt = 0; attempt < 100; attempt++) {
            HttpResponse<Void> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
            if (response.statusCode() == 200) {
                return true;
            }
            Thread.sleep(100);
        }
        return false;
    }
}
