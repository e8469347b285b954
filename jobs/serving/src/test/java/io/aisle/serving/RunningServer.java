package io.aisle.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.settings.CommandLine;
import io.aisle.serving.http.ServiceLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The service in this JVM, on a port of its own, and a client of it. */
public final class RunningServer implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Server server;
    private final ByteArrayOutputStream requests = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private RunningServer(List<String> options) {
        CommandLine line = CommandLine.parse("aisle serve", ServeSettings.OPTIONS, options);
        ServeSettings settings = ServeSettings.read(line.settings());
        line.settings().check();
        ServiceLog log = new ServiceLog(
                new PrintStream(requests, true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                Clock.systemUTC());
        server = Server.start(settings, log, Clock.systemUTC());
    }

    /** Starts it with options of {@code aisle serve}. */
    public static RunningServer start(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--port", "0"));
        return new RunningServer(all);
    }

    /** What can be asked for. */
    Set<String> routes() {
        return server.routes();
    }

    public int port() {
        return server.port();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** A request to be finished by its method. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
    }

    public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).build());
    }

    /** Posts JSON, with more headers where these are given, name before value. */
    public HttpResponse<String> post(String path, String json, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    public static JsonNode json(HttpResponse<String> response) throws IOException {
        return MAPPER.readTree(response.body());
    }

    /** The log of requests so far. */
    public String requests() {
        return requests.toString(StandardCharsets.UTF_8);
    }

    /** What the service said of itself so far. */
    public String messages() {
        return messages.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }
}
