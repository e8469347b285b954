package io.aisle.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.aisle.serving.OpenApiDocument.Operation;
import io.aisle.serving.Wire.Answer;
import io.aisle.serving.keys.TestKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation of the description is asked for every status that it lists, and the answers are held against it. */
class OpenApiTest {
    private static final String JSON = "Content-Type: application/json";
    private static final String CSV = "Content-Type: text/csv";
    private static final String ONCE = "Idempotency-Key: first-request";
    private static final String CORRECTION =
            "{\"corrections\":[{\"id\":\"a\",\"category_path\":[\"Grocery\",\"Tea\"],\"title\":\"tea\",\"confidence\":0.5}]}";
    private static final Set<String> WITH_BODY = Set.of("classify", "classifyFile", "explain", "correct");

    @TempDir
    private Path folder;

    private final List<RunningServer> servers = new ArrayList<>();
    private final Map<String, Answer> answers = new TreeMap<>();
    private OpenApiDocument document;

    /** A good request of an operation. */
    private record Good(String query, String type, String body) {}

    private static Good good(Operation operation) {
        return switch (operation.id()) {
            case "classify" ->
                new Good("", JSON, "{\"products\":[{\"id\":\"a\",\"title\":\"tea\"}],\"threshold\":0.1}");
            case "explain" -> new Good("", JSON, "{\"product\":{\"title\":\"tea\",\"feature\":[\"a\"]},\"top\":2}");
            case "correct" -> new Good("", JSON, CORRECTION);
            case "classifyFile" -> new Good("?name=x.csv", CSV, "id,title\n1,tea\n2,\n");
            case "review" -> new Good("?limit=1", "", null);
            default -> new Good("", "", null);
        };
    }

    @BeforeEach
    void open() throws IOException {
        document = new OpenApiDocument();
        TestBundles.linear(folder.resolve("model"), 4);
    }

    @AfterEach
    void close() {
        servers.forEach(RunningServer::close);
    }

    private RunningServer start(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        if (!all.contains("--model")) {
            all.addAll(List.of("--model", folder.resolve("model").toString()));
        }
        RunningServer server = RunningServer.start(all.toArray(String[]::new));
        servers.add(server);
        return server;
    }

    /** Asks, with the operation's good body, or another. */
    private Answer ask(RunningServer server, Operation operation, String body, String... headers) throws IOException {
        Good good = good(operation);
        List<String> all = new ArrayList<>(List.of(headers));
        String given = body == null ? good.body() : body;
        if (given != null && all.stream().noneMatch(header -> header.startsWith("Content-Type"))) {
            all.add(good.type());
        }
        if (operation.id().equals("correct") && all.stream().noneMatch(header -> header.startsWith("Idempotency"))) {
            all.add(ONCE);
        }
        return Wire.ask(
                server.port(),
                Wire.request(
                        operation.method() + " " + operation.path() + good.query(),
                        given == null ? null : given.getBytes(UTF_8),
                        all.toArray(String[]::new)));
    }

    private void note(Operation operation, Answer answer) {
        answers.putIfAbsent(operation.id() + " " + answer.status(), answer);
    }

    private Operation operation(String id) {
        return document.operations().get(id);
    }

    @Test
    void answersWhateverIsListedAsItIsDescribed() throws Exception {
        RunningServer demo = start(
                "--demo",
                "--corrections",
                folder.resolve("corrections").toString(),
                "--review",
                reviewed().toString(),
                "--set",
                "serve.max-body-bytes=2000",
                "--set",
                "serve.max-file-bytes=2000",
                "--set",
                "serve.max-files=2",
                "--set",
                "serve.min-bytes-per-second=1000000");
        List<CompletableFuture<Void>> slow = new ArrayList<>();
        for (String id : WITH_BODY) {
            if (!id.equals("classifyFile")) {
                slow.add(CompletableFuture.runAsync(() -> note(operation(id), slowly(demo, operation(id), null))));
            }
        }
        // takes one of two places for files
        Socket file = Wire.open(demo.port());
        slow.add(CompletableFuture.runAsync(
                () -> note(operation("classifyFile"), slowly(demo, operation("classifyFile"), file))));
        askDemo(demo);
        askForWhatIsNotThere();
        askByKeys();
        askTooMuch();
        askWhileItStops();
        slow.forEach(CompletableFuture::join);

        Map<String, List<String>> faults = new LinkedHashMap<>();
        for (Map.Entry<String, Answer> each : answers.entrySet()) {
            Operation operation = operation(each.getKey().split(" ")[0]);
            List<String> found = new ArrayList<>(document.faults(operation, each.getValue()));
            if (!each.getValue().headers().containsKey("x-request-id")) {
                found.add("no X-Request-Id");
            }
            if (!found.isEmpty()) {
                faults.put(each.getKey() + " " + each.getValue(), found);
            }
        }
        assertThat(faults).isEmpty();
        assertThat(answers.keySet()).containsExactlyInAnyOrderElementsOf(document.outcomes());
        servers.forEach(server -> assertThat(server.messages()).doesNotContain("bug"));
    }

    private void askDemo(RunningServer demo) throws IOException {
        for (Operation operation : document.operations().values()) {
            note(operation, ask(demo, operation, null));
            note(operation, ask(demo, operation, null, "Host: example.org"));
            if (operation.method().equals("POST")) {
                boolean isFile = operation.id().equals("classifyFile");
                note(operation, ask(demo, operation, isFile ? "id,colour\n1,red\n" : "{}"));
                note(operation, ask(demo, operation, "x", "Content-Type: text/plain"));
                note(operation, ask(demo, operation, "x".repeat(2001)));
                note(operation, isFile ? brokenOff(demo, operation) : ask(demo, operation, "{"));
            }
            if (operation.path().startsWith("/v1/review")) {
                note(operation, Wire.ask(demo.port(), Wire.request("GET /v1/review?limit=1000", null)));
            }
        }
        Operation correct = operation("correct");
        note(correct, ask(demo, correct, null));
        note(correct, ask(demo, correct, CORRECTION.replace("0.5", "0.6")));
        Operation file = operation("classifyFile");
        Answer lines = Wire.ask(
                demo.port(),
                Wire.request(
                        "POST /v1/classify/file",
                        "{\"id\":\"a\",\"title\":\"tea\"}\n5\n".getBytes(UTF_8),
                        "Content-Type: application/x-ndjson"));
        assertThat(lines.body().lines()).hasSize(2);
        assertThat(document.faults(file, lines)).isEmpty();
    }

    /** A body that is not what its encoding says. */
    private static Answer brokenOff(RunningServer server, Operation operation) throws IOException {
        byte[] request =
                Wire.request(operation.method() + " " + operation.path(), null, CSV, "Transfer-Encoding: chunked");
        return Wire.send(server.port(), request, "no length\r\n".getBytes(UTF_8))
                .get(0);
    }

    /** A byte, and after the first seconds another. */
    private static Answer slowly(RunningServer server, Operation operation, Socket opened) {
        byte[] request = Wire.request(
                operation.method() + " " + operation.path(),
                null,
                good(operation).type(),
                ONCE,
                "Content-Length: 100");
        try (Socket socket = opened == null ? Wire.open(server.port()) : opened) {
            OutputStream out = socket.getOutputStream();
            out.write(request);
            for (int i = 0; i < 5; i++) {
                out.write('{');
                Thread.sleep(1_300);
            }
            out.write('{');
            return Wire.answers(socket).get(0);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void askForWhatIsNotThere() throws IOException {
        RunningServer bare = start("--demo");
        for (String id : List.of("correct", "corrections", "review")) {
            note(operation(id), ask(bare, operation(id), null));
        }
    }

    private void askByKeys() throws IOException {
        TestKeys keys = TestKeys.in(folder.resolve("keys.json"));
        String feedback = keys.add("feedback", List.of("feedback"), 1000);
        String classify = keys.add("classify", List.of("classify"), 1000);
        String seldom = keys.add("seldom", List.of("classify", "feedback"), 1);
        RunningServer server = start(
                "--keys",
                keys.file().toString(),
                "--corrections",
                folder.resolve("corrections").toString(),
                "--review",
                reviewed().toString());
        Set<String> open = Set.of("live", "ready", "description");
        Wire.ask(server.port(), Wire.request("GET /metrics", null, "Authorization: Bearer " + seldom));
        for (Operation operation : document.operations().values()) {
            if (open.contains(operation.id())) {
                assertThat(document.root().at(operation.pointer() + "/security"))
                        .isEmpty();
                assertThat(ask(server, operation, null).status()).isEqualTo(200);
                continue;
            }
            note(operation, ask(server, operation, null));
            String description =
                    document.root().at(operation.pointer() + "/description").asText();
            if (description.startsWith("Scope `")) {
                String other = description.startsWith("Scope `classify`") ? feedback : classify;
                note(operation, ask(server, operation, null, "Authorization: Bearer " + other));
            }
            note(operation, ask(server, operation, null, "Authorization: Bearer " + seldom));
        }
    }

    /** A model that is too slow for what is asked, too many files, and a store that is none. */
    private void askTooMuch() throws IOException {
        Path none = Files.writeString(folder.resolve("none"), "");
        TestBundles.network(folder.resolve("slow"), 4, 256, 1);
        RunningServer server = start(
                "--demo",
                "--model",
                folder.resolve("slow").toString(),
                "--corrections",
                none.toString(),
                "--set",
                "serve.threads=1",
                "--set",
                "serve.batch-products=1",
                "--set",
                "serve.timeout-seconds=1",
                "--set",
                "serve.max-files=1");
        String words = "a b c d e f g h i j ".repeat(30);
        String products = IntStream.range(0, 1000)
                .mapToObj(i -> "{\"title\":\"" + words + i + "\"}")
                .collect(Collectors.joining(","));
        note(operation("classify"), ask(server, operation("classify"), "{\"products\":[" + products + "]}"));
        note(operation("explain"), ask(server, operation("explain"), "{\"product\":{\"title\":\"" + words + "\"}}"));
        note(operation("correct"), ask(server, operation("correct"), null));
        askWithoutRoom(server, operation("classifyFile"));
        Path broken = Files.createDirectories(folder.resolve("broken"));
        Files.writeString(broken.resolve("0.json"), "{");
        note(operation("corrections"), ask(start("--demo", "--corrections", broken.toString()), operation("corrections"), null));
    }

    /** While another file has the only place, which it may come too late for at first. */
    private void askWithoutRoom(RunningServer server, Operation file) throws IOException {
        List<Socket> others = new ArrayList<>();
        Answer answer = null;
        for (int i = 0; i < 100 && (answer == null || answer.status() != 503); i++) {
            Socket other = Wire.open(server.port());
            others.add(other);
            other.getOutputStream().write(Wire.request("POST /v1/classify/file", null, CSV, "Content-Length: 100000"));
            other.getOutputStream().write('i');
            answer = ask(server, file, null);
        }
        for (Socket other : others) {
            other.close();
        }
        note(file, answer);
    }

    /** Asks on a connection that was open before. */
    private void askWhileItStops() throws Exception {
        RunningServer server =
                RunningServer.start("--demo", "--model", folder.resolve("model").toString());
        try (Socket underWay = Wire.open(server.port());
                Socket asked = Wire.open(server.port())) {
            underWay.getOutputStream().write(Wire.request("POST /v1/classify", null, JSON, "Content-Length: 30"));
            underWay.getOutputStream().write('{');
            asked.getOutputStream().write("GET /health/ready HTTP/1.1\r\nConnection: close\r\n".getBytes(UTF_8));
            // both are taken by now
            assertThat(ask(server, operation("ready"), null).status()).isEqualTo(200);
            int port = server.port();
            Thread stop = new Thread(server::close);
            stop.start();
            while (isListening(port)) {
                Thread.sleep(10);
            }
            asked.getOutputStream().write("Host: localhost\r\n\r\n".getBytes(UTF_8));
            Answer refused = Wire.answers(asked).get(0);
            note(operation("ready"), refused);
            underWay.getOutputStream().write("\"products\":[{\"title\":\"tea\"}]}".getBytes(UTF_8));
            assertThat(Wire.answers(underWay).get(0).status()).isEqualTo(200);
            stop.join();
        }
    }

    private static boolean isListening(int port) {
        try (Socket socket = Wire.open(port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** The output of a nightly run with two rows for review. */
    private Path reviewed() throws IOException {
        Path output = folder.resolve("output");
        Path rows = Files.createDirectories(output.resolve("runs/one/review")).resolve("part-0.json.gz");
        String row = "{\"id\":\"ID\",\"title\":\"tea\",\"brand\":\"\",\"description\":\"\",\"feature\":\"\","
                + "\"category_path\":[\"Grocery\",\"Tea\"],\"confidence\":0.4,\"top\":[{\"category\":\"Tea\","
                + "\"category_path\":[\"Grocery\",\"Tea\"],\"confidence\":0.4}],\"reason\":\"r\",\"model_version\":\"v\"}\n";
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(rows))) {
            out.write((row.replace("ID", "1") + row.replace("ID", "2")).getBytes(UTF_8));
        }
        TestBundles.promote(output, 1, "one");
        return output;
    }

    @Test
    void describesEveryRouteAndNoOther() {
        Set<String> described = new TreeSet<>();
        document.operations().values().forEach(operation -> described.add(operation.method() + " " + operation.path()));

        assertThat(start("--demo").routes().stream().filter(route -> !route.startsWith("HEAD ")))
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    void refersOnlyToWhatIsThere() {
        List<JsonNode> references = document.root().findValues("$ref");

        assertThat(references).hasSizeGreaterThan(50).allSatisfy(reference -> {
            assertThat(reference.asText()).startsWith("#/components/");
            assertThat(document.root().at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        });
        assertThat(document.operations()).doesNotContainKey("");
    }

    @Test
    void describesTheRequestsThatAreTaken() throws IOException {
        for (String id : List.of("classify", "explain", "correct")) {
            byte[] body = good(operation(id)).body().getBytes(UTF_8);

            assertThat(document.requestFaults(operation(id), body)).isEmpty();
            assertThat(document.requestFaults(operation(id), "{\"colour\":1}".getBytes(UTF_8)))
                    .isNotEmpty();
        }
    }
}
