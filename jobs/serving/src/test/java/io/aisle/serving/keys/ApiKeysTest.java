package io.aisle.serving.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.serving.MovingClock;
import io.aisle.serving.RunningServer;
import io.aisle.serving.TestBundles;
import io.aisle.serving.Wire;
import io.aisle.serving.Wire.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys as the command makes them, before a running service. */
class ApiKeysTest {
    private static final List<String> BOTH = List.of("classify", "feedback");

    @TempDir
    private Path folder;

    private TestKeys keys;

    @BeforeEach
    void prepare() {
        TestBundles.linear(folder.resolve("model"), 4);
        keys = TestKeys.in(folder.resolve("keys.json"));
    }

    private RunningServer start(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--model",
                folder.resolve("model").toString(),
                "--corrections",
                folder.resolve("corrections").toString()));
        options.addAll(List.of(more));
        return RunningServer.start(options.toArray(String[]::new));
    }

    private RunningServer startWithKeys() {
        return start("--keys", keys.file().toString());
    }

    private static Answer get(RunningServer server, String path, String authorization) throws IOException {
        return Wire.ask(server.port(), Wire.request("GET " + path, null, "Authorization: " + authorization));
    }

    @Test
    void eachScopeOpensItsOwn() throws IOException {
        String classify = keys.add("classifies", List.of("classify"), 100);
        String feedback = keys.add("corrects", List.of("feedback"), 100);
        String both = keys.add("both", BOTH, 100);

        try (RunningServer server = startWithKeys()) {
            assertThat(get(server, "/v1/model", "Bearer " + classify).status()).isEqualTo(200);
            assertThat(get(server, "/v1/model", "bearer  " + classify).status())
                    .as("the scheme's case, spaces")
                    .isEqualTo(200);
            assertThat(get(server, "/v1/model", "Bearer " + feedback).status())
                    .as("its labels are what a correction chooses from")
                    .isEqualTo(200);
            byte[] classification = Wire.request("POST /v1/classify", new byte[0], "Authorization: Bearer " + feedback);
            assertThat(Wire.ask(server.port(), classification).status()).isEqualTo(403);
            assertThat(get(server, "/v1/feedback", "Bearer " + classify).status())
                    .isEqualTo(403);
            assertThat(get(server, "/v1/feedback", "Bearer " + feedback).status())
                    .isEqualTo(200);
            for (String path : List.of("/v1/model", "/v1/feedback", "/metrics")) {
                assertThat(get(server, path, "Bearer " + both).status()).isEqualTo(200);
            }
            assertThat(server.requests()).contains("\"key\":\"both\"").doesNotContain(both);
        }
    }

    @Test
    void refusesWhoBringsNoKeyOrAnother() throws IOException {
        String key = keys.add("shop", BOTH, 100);
        String expired = keys.addExpired("old");

        try (RunningServer server = startWithKeys()) {
            for (String authorization : List.of(
                    "",
                    "Bearer",
                    "Bearer ",
                    "Basic " + key,
                    key,
                    "Bearer " + key + "x",
                    "Bearer " + key.substring(1),
                    "Bearer " + key.repeat(10),
                    "Bearer " + key + " " + key,
                    "Bearer \u00e9",
                    "Bearer " + expired)) {
                Answer answer = get(server, "/v1/model", authorization);

                assertThat(answer.status()).as(authorization).isEqualTo(401);
                assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
                assertThat(answer.body()).doesNotContain(key, expired);
            }
            assertThat(get(server, "/v1/model", "Bearer " + expired).body())
                    .contains("found an API key that expired at");
            byte[] head = Wire.request("HEAD /v1/model", null);
            assertThat(Wire.ask(server.port(), head).status())
                    .as("HEAD is as GET")
                    .isEqualTo(401);
            assertThat(server.messages()).doesNotContain("bug", key, expired);
        }
    }

    @Test
    void boundsHowOftenAKeyAsksAndNoOther() throws IOException {
        String seldom = keys.add("seldom", BOTH, 2);
        String other = keys.add("other", BOTH, 100);

        try (RunningServer server = startWithKeys()) {
            assertThat(get(server, "/v1/model", "Bearer " + seldom).status()).isEqualTo(200);
            assertThat(get(server, "/v1/feedback", "Bearer " + seldom).status()).isEqualTo(200);
            Answer answer = get(server, "/v1/model", "Bearer " + seldom);

            assertThat(answer.status()).isEqualTo(429);
            assertThat(Integer.parseInt(answer.headers().get("retry-after"))).isBetween(1, 31);
            assertThat(get(server, "/v1/model", "Bearer " + other).status()).isEqualTo(200);
        }
    }

    @Test
    void readsAChangedFileAgainAndGoesOnWhereItIsBroken() throws IOException {
        String kept = keys.add("kept", BOTH, 100_000);
        byte[] before = Files.readAllBytes(keys.file());
        String revoked = keys.add("revoked", BOTH, 100_000);

        try (RunningServer server = startWithKeys()) {
            assertThat(get(server, "/v1/model", "Bearer " + revoked).status()).isEqualTo(200);
            Files.writeString(keys.file(), "{");
            Wire.await(
                    () -> status(server, revoked) == 200 && server.messages().contains("The API keys before go on."));
            Files.write(keys.file(), before);
            Wire.await(() -> status(server, revoked) == 401);

            assertThat(status(server, kept)).isEqualTo(200);
            assertThat(server.messages().lines().filter(line -> line.contains("go on")))
                    .hasSize(1);
        }
    }

    private static int status(RunningServer server, String key) {
        try {
            return get(server, "/v1/model", "Bearer " + key).status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void complainsOnceOfAFileThatStaysBroken() throws IOException {
        Path file = keys.file();
        String key = keys.add("one", BOTH, 1000);
        List<String> complaints = new ArrayList<>();
        MovingClock clock = new MovingClock();
        ApiKeys opened = ApiKeys.open(file, clock, complaints::add);
        String good = Files.readString(file);

        for (String content : List.of("{", "{", good, "{ ")) {
            Files.writeString(file, content);
            for (int i = 0; i < 3; i++) {
                clock.forward(2);
                assertThat(opened.require("Bearer " + key, Optional.empty())).isEqualTo("one");
            }
        }

        assertThat(complaints).hasSize(2).allSatisfy(each -> assertThat(each).contains("what is no JSON"));
    }

    @Test
    void refusesAFileWithoutKeys() throws IOException {
        Files.writeString(keys.file(), "{\"keys\":[]}");

        assertThatThrownBy(this::startWithKeys)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found none, expected one or more");
    }

    @Test
    void asksForKeysOrIsADemonstrationOnLoopback() {
        keys.add("one", BOTH, 1);

        assertThatThrownBy(this::start)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("serve.keys: found none");
        assertThatThrownBy(() -> start("--demo", "--keys", keys.file().toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("serve.keys: found a file beside serve.demo");
        assertThatThrownBy(() -> start("--demo", "--host", "0.0.0.0"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("serve.demo: found the host 0.0.0.0, expected a loopback address");
    }

    @Test
    void aDemonstrationAnswersByNoOtherNameThanLocalhost() throws IOException {
        try (RunningServer server = start("--demo")) {
            byte[] body = "{\"products\":[{\"title\":\"tea\"}]}".getBytes(StandardCharsets.UTF_8);
            for (String host :
                    List.of("localhost", "LOCALHOST:80", "127.0.0.1:" + server.port(), "[::1]:1", "127.9.9.9")) {
                assertThat(posted(server, host, body)).as(host).isEqualTo(200);
            }
            for (String host :
                    List.of("example.org", "localhost.example.org", "127.0.0.1.example.org", "10.0.0.1", "0.0.0.0")) {
                assertThat(posted(server, host, body)).as(host).isEqualTo(421);
            }
            for (String path : List.of("/", "/index.html", "/health/live", "/nowhere")) {
                assertThat(Wire.ask(server.port(), Wire.request("GET " + path, null, "Host: example.org"))
                                .status())
                        .as(path)
                        .isEqualTo(421);
            }
        }
    }

    private static int posted(RunningServer server, String host, byte[] body) throws IOException {
        return Wire.ask(
                        server.port(),
                        Wire.request("POST /v1/classify", body, "Host: " + host, "Content-Type: application/json"))
                .status();
    }
}
