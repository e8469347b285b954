package io.aisle.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.serving.Wire;
import io.aisle.serving.Wire.Answer;
import io.javalin.Javalin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes that go wrong in every way. */
class ExchangeTest {
    private static final byte[] ROW = "row\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);

    private final ByteArrayOutputStream requests = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Javalin app;

    @BeforeEach
    void start() {
        ServiceLog log = new ServiceLog(
                new PrintStream(requests, true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                Clock.systemUTC());
        app = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            new Exchange(log, meters).attach(config);
            config.routes.get("/problem", exchange -> {
                throw Problem.tooMany("Cannot answer: found too much.", 7);
            });
            config.routes.get("/bug", exchange -> {
                throw new IllegalStateException("a secret thing");
            });
            config.routes.get("/error", exchange -> {
                throw new StackOverflowError();
            });
            config.routes.get(
                    "/later",
                    exchange -> exchange.future(() -> CompletableFuture.runAsync(() -> {
                        throw new OutOfMemoryError("none left");
                    })));
            config.routes.get("/broken/problem", exchange -> {
                exchange.outputStream().write(ROW);
                exchange.outputStream().flush();
                throw Problem.overloaded("Cannot answer now.");
            });
            config.routes.get("/broken/bug", exchange -> {
                exchange.outputStream().write(ROW);
                exchange.outputStream().flush();
                throw new IllegalStateException("a secret thing");
            });
            config.routes.get("/broken/buffered", exchange -> {
                Exchange.hasBegun(exchange);
                exchange.outputStream().write("row\n".getBytes(StandardCharsets.UTF_8));
                throw Problem.overloaded("Cannot answer now.");
            });
            config.routes.get("/long", exchange -> {
                for (int i = 0; i < 2_000; i++) {
                    exchange.outputStream().write(ROW);
                }
            });
        });
        app.start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        app.stop();
    }

    private Answer get(String path) throws IOException {
        return Wire.ask(app.port(), Wire.request("GET " + path, null, "X-Request-Id: mine"));
    }

    private String messages() {
        return messages.toString(StandardCharsets.UTF_8);
    }

    @Test
    void answersAProblemAsItIs() throws IOException {
        Answer answer = get("/problem");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.headers()).containsEntry("retry-after", "7").containsEntry("x-request-id", "mine");
        assertThat(answer.json().path("detail").asText()).isEqualTo("Cannot answer: found too much.");
        assertThat(messages()).isEmpty();
    }

    @Test
    void reportsABugToTheLogAndNotToTheClient() throws IOException {
        for (String path : new String[] {"/bug", "/error", "/later"}) {
            messages.reset();

            Answer answer = get(path);

            assertThat(answer.status()).as(path).isEqualTo(500);
            assertThat(answer.headers()).containsEntry("content-type", Problem.MEDIA_TYPE);
            assertThat(answer.json().path("request_id").asText()).isEqualTo("mine");
            assertThat(answer.body()).doesNotContain("secret", "none left", "java", "Overflow");
            assertThat(messages()).contains("This is a bug", "in request mine", "\tat ");
        }
    }

    @Test
    void breaksOffAnAnswerThatFailsOnItsWay() throws IOException {
        for (String ending : new String[] {"problem", "buffered", "bug"}) {
            for (String connection : new String[] {"close", "keep-alive"}) {
                messages.reset();
                byte[] request = ("GET /broken/" + ending + " HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8);

                assertThatThrownBy(() -> Wire.send(app.port(), request))
                        .as(ending + " " + connection)
                        .isInstanceOf(SocketException.class);

                Wire.await(() -> !messages().isEmpty());
                assertThat(messages().contains("This is a bug")).isEqualTo(ending.equals("bug"));
                assertThat(messages().contains("broke off: Cannot answer now.")).isEqualTo(!ending.equals("bug"));
            }
        }
    }

    @Test
    void saysInOneLineThatAReaderHasGone() throws IOException {
        try (Socket socket = Wire.open(app.port())) {
            socket.getOutputStream().write(Wire.request("GET /long", null));
            Wire.readSome(socket, 1_000);
            socket.setSoLinger(true, 0);
        }

        Wire.await(() -> requests.toString(StandardCharsets.UTF_8).contains("/long"));
        assertThat(messages().lines().count()).isLessThanOrEqualTo(1);
        assertThat(messages()).doesNotContain("bug", "\tat ");
    }

    @Test
    void keepsNoPathAndNoMethodThatNobodyKnows() throws IOException {
        for (int i = 0; i < 20; i++) {
            get("/nowhere" + i);
            Wire.ask(app.port(), Wire.request("METHOD" + i + " /problem", null));
        }

        assertThat(meters.getMeters()).hasSize(2);
        assertThat(requests.toString(StandardCharsets.UTF_8))
                .contains("\"method\":\"other\",\"path\":\"unknown\",\"status\":405")
                .doesNotContain("nowhere", "METHOD");
    }

    @Test
    void saysWhichMethodsThereAre() throws IOException {
        Answer answer = Wire.ask(app.port(), Wire.request("DELETE /problem", null));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("allow", "GET");
    }
}
