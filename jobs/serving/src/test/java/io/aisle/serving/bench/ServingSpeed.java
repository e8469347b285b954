package io.aisle.serving.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.model.ModelBundle;
import io.aisle.serving.RunningServer;
import io.aisle.serving.TestBundles;
import io.aisle.serving.bench.LoadClient.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service beside a plain server of the same bundle, a network of 4 layers, 256 wide, under the same load in turns; then with its cache.
 * {@code scripts/bench serving} runs it. Written to {@code target/serving}.
 */
class ServingSpeed {
    private static final Path TABLE = Path.of("target", "serving");
    private static final int[] CONNECTIONS = {1, 8, 64};
    private static final int ROUNDS = Integer.getInteger("aisle.serving.rounds", 5);
    private static final double SECONDS = Integer.getInteger("aisle.serving.seconds", 10);
    /** Distinct texts that come again and again where the cache is measured. */
    private static final long REPEATED = 2_000;

    @TempDir
    private Path folder;

    private long nextText;
    private final List<Speed> rows = new ArrayList<>();

    /** A server, and the requests it is asked. */
    private record Candidate(String name, int port, LongFunction<String> bodies) {}

    /** The round in the middle, and the least and the greatest throughput of all. */
    private record Speed(
            String server,
            int connections,
            double requests_per_second,
            double least,
            double greatest,
            double p50_ms,
            double p99_ms) {}

    @Test
    void besideAPlainServer() throws IOException, InterruptedException {
        ModelBundle bundle = TestBundles.network(folder.resolve("model"), 4, 256, 1);
        String model = folder.resolve("model").toString();
        int cores = Runtime.getRuntime().availableProcessors();
        try (PlainServer plain = new PlainServer(bundle, 1);
                PlainServer wide = new PlainServer(bundle, cores);
                RunningServer service = start(model, 0);
                RunningServer cached = start(model, 64)) {
            List<Candidate> candidates = List.of(
                    new Candidate("plain, one core a call", plain.port(), Texts::body),
                    new Candidate("plain, " + cores + " cores a call", wide.port(), Texts::body),
                    new Candidate("service, no cache", service.port(), Texts::body),
                    new Candidate(
                            "service, cache, texts that repeat",
                            cached.port(),
                            number -> Texts.body(number % REPEATED)));
            for (Candidate candidate : candidates) {
                load(candidate, 8, SECONDS);
            }
            for (int connections : CONNECTIONS) {
                Map<String, List<Result>> results = new LinkedHashMap<>();
                for (int round = 0; round < ROUNDS; round++) {
                    for (Candidate candidate : candidates) {
                        results.computeIfAbsent(candidate.name(), name -> new ArrayList<>())
                                .add(load(candidate, connections, SECONDS));
                    }
                }
                results.forEach((name, each) -> rows.add(row(name, connections, each)));
            }
        }
        write(cores);
    }

    private static RunningServer start(String model, int cacheMegabytes) {
        return RunningServer.start("--demo", "--model", model, "--set", "serve.cache-megabytes=" + cacheMegabytes);
    }

    private Result load(Candidate candidate, int connections, double seconds) throws InterruptedException {
        LoadClient client = new LoadClient(candidate.port(), "/v1/classify", candidate.bodies(), nextText);
        Result result = client.run(connections, seconds);
        nextText += result.nanos().length + connections;
        assertThat(result.statuses()).containsOnlyKeys(200);
        return result;
    }

    /** The round in the middle, by throughput. */
    private static Speed row(String name, int connections, List<Result> results) {
        List<Result> sorted = results.stream()
                .sorted(Comparator.comparingDouble(Result::requestsPerSecond))
                .toList();
        Result median = sorted.get(sorted.size() / 2);
        return new Speed(
                name,
                connections,
                median.requestsPerSecond(),
                sorted.get(0).requestsPerSecond(),
                sorted.get(sorted.size() - 1).requestsPerSecond(),
                median.milliseconds(50),
                median.milliseconds(99));
    }

    private void write(int cores) throws IOException {
        Files.createDirectories(TABLE);
        ObjectMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        mapper.writeValue(
                TABLE.resolve("table.json").toFile(),
                Map.of("cores", cores, "rounds", ROUNDS, "seconds_a_round", SECONDS, "rows", rows));
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%d cores, which the client shares; %d rounds of %.0f s in turns, the one in the middle by throughput.%n%n"
                        + "| connections | server | requests/s | least – greatest | p50 ms | p99 ms |%n|---|---|---|---|---|---|%n",
                cores,
                ROUNDS,
                SECONDS));
        for (Speed row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %.0f | %.0f – %.0f | %.1f | %.1f |%n",
                    row.connections(),
                    row.server(),
                    row.requests_per_second(),
                    row.least(),
                    row.greatest(),
                    row.p50_ms(),
                    row.p99_ms()));
        }
        Files.writeString(TABLE.resolve("table.md"), table.toString());
    }
}
