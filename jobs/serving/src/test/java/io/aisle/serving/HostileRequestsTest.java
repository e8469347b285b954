package io.aisle.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.serving.HostileCases.Case;
import io.aisle.serving.Wire.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that strangers try to break answers each of them rightly, and everybody after them. */
class HostileRequestsTest {
    private static final long SEED = 20_261_126;
    private static final String JSON = "Content-Type: application/json";
    private static final byte[] GOOD = "{\"products\":[{\"id\":\"a\",\"title\":\"tea\"}]}".getBytes(UTF_8);

    @TempDir
    private static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        TestBundles.linear(folder.resolve("model"), 4);
        server = RunningServer.start(
                "--demo",
                "--model",
                folder.resolve("model").toString(),
                "--corrections",
                folder.resolve("corrections").toString(),
                "--set",
                "serve.max-body-bytes=" + HostileCases.MAX_BODY);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] good() {
        return Wire.request("POST /v1/classify", GOOD, JSON);
    }

    private static void requireAlive() throws IOException {
        Answer answer = Wire.ask(server.port(), good());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/predictions/0/category").asText()).isEqualTo("Tea");
    }

    @Test
    void answersEachCaseRightly() throws IOException {
        List<Case> cases = HostileCases.of(SEED);
        assertThat(cases).hasSizeGreaterThan(1_000);
        List<String> faults = new ArrayList<>();
        Map<String, Integer> statuses = new TreeMap<>();

        for (int i = 0; i < cases.size(); i++) {
            Case each = cases.get(i);
            String fault;
            try {
                Answer answer = Wire.ask(server.port(), each.request());
                statuses.merge(Integer.toString(answer.status()), 1, Integer::sum);
                fault = fault(each, answer);
            } catch (IOException | RuntimeException | AssertionError e) {
                fault = e.toString();
            }
            if (!fault.isEmpty()) {
                faults.add("seed " + SEED + ", case " + i + ", " + fault + "\n" + each);
            }
        }

        assertThat(faults).isEmpty();
        assertThat(statuses)
                .containsKeys("200", "201", "400", "404", "405", "413", "414", "415", "421", "422", "431", "505");
        requireAlive();
        assertThat(server.messages()).doesNotContain("bug", "\tat ");
        assertThat(server.requests()).doesNotContain(HostileCases.TEXT, "smuggled", "passwd", "jndi");
        assertThat(server.requests().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(400));
        String metrics =
                Wire.ask(server.port(), Wire.request("GET /metrics", null)).body();
        assertThat(metrics.lines().filter(line -> line.startsWith("aisle_http_requests_seconds_count")))
                .as("series do not grow with what strangers ask for")
                .hasSizeLessThan(60);
    }

    /** What is wrong with an answer; empty where nothing is. */
    static String fault(Case asked, Answer answer) {
        if (!asked.allowed().contains(answer.status())) {
            return "found " + answer.status() + " " + answer.body();
        }
        for (String header : List.of("x-request-id", "content-security-policy", "x-content-type-options")) {
            if (!answer.headers().containsKey(header)) {
                return "found no " + header;
            }
        }
        String id = answer.headers().get("x-request-id");
        if (answer.headers().containsKey("set-cookie") || !id.matches("[A-Za-z0-9._-]{1,64}")) {
            return "found the headers " + answer.headers();
        }
        if (answer.status() < 400) {
            return answer.body().contains("root:") ? "found a file" : "";
        }
        if (!"application/problem+json".equals(answer.headers().get("content-type"))
                || answer.json().path("status").asInt() != answer.status()
                || !answer.json().path("request_id").asText().equals(id)) {
            return "found no problem " + answer;
        }
        for (String inner : List.of("io.aisle", "java.", "jetty", "Exception", "\\tat ", "/tmp/", HostileCases.TEXT)) {
            if (answer.body().contains(inner)) {
                return "found " + inner + " in " + answer.body();
            }
        }
        return answer.body().length() > 8_000
                ? "found a body of " + answer.body().length()
                : "";
    }

    @Test
    void answersRequestsOfOneConnectionInTheirOrder() throws IOException {
        byte[] first = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8);
        byte[] second = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8);

        assertThat(Wire.send(server.port(), first, second, good()))
                .extracting(Answer::status)
                .containsExactly(200, 404, 200);
    }

    @Test
    void answersWhoHasSaidAllAndListens() throws IOException {
        try (Socket socket = Wire.open(server.port())) {
            socket.getOutputStream().write(good());
            socket.shutdownOutput();

            assertThat(Wire.answers(socket)).extracting(Answer::status).containsExactly(200);
        }
    }

    @Test
    void goesOnWhenClientsLeaveInTheMiddle() throws IOException {
        for (int i = 0; i < 40; i++) {
            try (Socket socket = Wire.open(server.port())) {
                byte[] request = good();
                socket.getOutputStream().write(request, 0, 1 + i * (request.length - 1) / 40);
                if (i % 2 == 0) {
                    // a reset
                    socket.setSoLinger(true, 0);
                }
            }
        }

        requireAlive();
        assertThat(server.messages()).doesNotContain("bug", "\tat ");
    }

    @Test
    void hearsNoWishForAnotherProtocolAndKeepsNothingForIt() throws IOException {
        byte[] request = Wire.request(
                "GET /v1/model",
                null,
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==");

        Answer answer = Wire.ask(server.port(), request);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKey("set-cookie");
    }

    @Test
    void answersHeadAsGetWithoutTheBody() throws IOException {
        Answer get = Wire.ask(server.port(), Wire.request("GET /v1/model", null));
        String head = new String(Wire.request("HEAD /v1/model", null), UTF_8);
        try (Socket socket = Wire.open(server.port())) {
            socket.getOutputStream().write(head.getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
            assertThat(answer).contains("Content-Length: " + get.body().getBytes(UTF_8).length + "\r\n");
        }
    }

    @Test
    void explainsNoProductThatWouldTakeHundredsOfTimesItsMemory() throws IOException {
        String words = "tea ".repeat(6_000);

        Answer answer = Wire.ask(
                server.port(),
                Wire.request(
                        "POST /v1/explain", ("{\"product\":{\"title\":\"" + words + "\"}}").getBytes(UTF_8), JSON));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("/product");
        assertThat(answer.json().path("detail").asText()).contains("found 23,999 characters, expected at most 20,000");
    }
}
