package io.aisle.serving.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.serving.TestBundles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service killed with SIGKILL while it takes corrections, several times over. */
class FeedbackKillIT {
    private static final int KILLS = 4;
    private static final int SENDERS = 4;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();

    @BeforeEach
    void model() {
        TestBundles.linear(folder.resolve("model"), 4);
    }

    private ServiceProcess start() throws IOException, InterruptedException {
        return ServiceProcess.start(
                List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"),
                "--demo",
                "--model",
                folder.resolve("model").toString(),
                "--corrections",
                folder.resolve("corrections").toString());
    }

    @Test
    void everyAcknowledgedCorrectionIsThereAndNoneTwice() throws IOException, InterruptedException {
        Random random = new Random(7);
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServiceProcess service = start()) {
                sendAgain(service.port());
                sendUntilKilled(service, 20 + random.nextInt(60));
            }
        }
        try (ServiceProcess service = start()) {
            sendAgain(service.port());
            assertThat(unanswered).isEmpty();
            assertThat(service.stop()).as("exit code after SIGTERM").isEqualTo(143);
        }

        Map<String, Integer> stored = stored();
        assertThat(stored.keySet()).containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(stored.values()).allMatch(times -> times == 1);
    }

    /** Sends from several threads; kills it when so many were acknowledged, which leaves some in the middle. */
    private void sendUntilKilled(ServiceProcess service, int answers) throws InterruptedException {
        AtomicBoolean isDead = new AtomicBoolean();
        CountDownLatch left = new CountDownLatch(answers);
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            Thread sender = new Thread(() -> {
                while (!isDead.get()) {
                    String id = "product-" + next.incrementAndGet();
                    unanswered.add(id);
                    if (isAcknowledged(service.port(), id)) {
                        left.countDown();
                    }
                }
            });
            sender.start();
            senders.add(sender);
        }
        left.await();
        service.kill();
        isDead.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
    }

    /** What a client does that was not answered: the same request again, by the same key. */
    private void sendAgain(int port) {
        for (String id : List.copyOf(unanswered)) {
            assertThat(isAcknowledged(port, id)).isTrue();
        }
    }

    private boolean isAcknowledged(int port, String id) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/feedback"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key-of-" + id)
                .POST(HttpRequest.BodyPublishers.ofString("{\"corrections\":[{\"id\":\"" + id
                        + "\",\"category_path\":[\"Home\",\"Lamps\"],\"title\":\"a lamp\"}]}"))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isIn(200, 201);
            unanswered.remove(id);
            return acknowledged.add(id);
        } catch (IOException killed) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How often each product is in the files. */
    private Map<String, Integer> stored() throws IOException {
        Map<String, Integer> stored = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("corrections"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode correction = MAPPER.readTree(line);
                    stored.merge(correction.path("id").asText(), 1, Integer::sum);
                }
            }
        }
        return stored;
    }
}
