package io.aisle.batch.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Headless Chromium, by the WebDriver protocol itself (W3C, 2018): Selenium's own libraries would replace some of Spark's on the class path.
 */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String address;
    private final String session;

    private Browser(Process driver, int port) {
        this.driver = driver;
        this.address = "http://127.0.0.1:" + port;
        JsonNode started = command(
                "POST",
                "/session",
                Map.of(
                        "capabilities",
                        Map.of(
                                "alwaysMatch",
                                Map.of(
                                        "goog:chromeOptions",
                                        Map.of(
                                                "binary",
                                                CHROMIUM.toString(),
                                                "args",
                                                List.of(
                                                        "--headless=new",
                                                        "--no-sandbox",
                                                        "--disable-gpu",
                                                        "--hide-scrollbars")),
                                        "goog:loggingPrefs",
                                        Map.of("browser", "ALL")))));
        this.session = "/session/" + started.path("sessionId").asText();
    }

    static Browser start() throws IOException {
        assertThat(DRIVER)
                .as("Debian's packages chromium and chromium-driver, which the tests of reports need")
                .exists();
        Process driver = new ProcessBuilder(DRIVER.toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        BufferedReader out = driver.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return new Browser(driver, Integer.parseInt(port.group(1)));
            }
        }
        throw new IllegalStateException("chromedriver ended before it listened");
    }

    /** Opens a file and waits until it has drawn itself. */
    void open(Path page) {
        command("POST", session + "/url", Map.of("url", page.toUri().toString()));
        command("POST", session + "/timeouts", Map.of("script", 60_000));
        Object ready = run("""
                const done = arguments[0];
                const look = () => document.documentElement.dataset.ready === "true" ? requestAnimationFrame(() => setTimeout(() => done("drawn"), 100))
                  : setTimeout(look, 20);
                look();""", "async");
        assertThat(((JsonNode) ready).asText()).isEqualTo("drawn");
    }

    /** What a script returns. */
    JsonNode run(String script) {
        return run(script, "sync");
    }

    /** What a script hands to its last argument. */
    JsonNode runToTheEnd(String script) {
        return run(script, "async");
    }

    private JsonNode run(String script, String how) {
        return command("POST", session + "/execute/" + how, Map.of("script", script, "args", List.of()));
    }

    /** @param scheme light or dark */
    void prefer(String scheme) {
        chromium(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** In CSS pixels; narrower than any window can be. */
    void size(int width, int height) {
        chromium(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    private void chromium(String command, Map<String, Object> parameters) {
        command("POST", session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** Errors and warnings of the page, and what it could not load. */
    List<String> complaints() {
        return command("POST", session + "/se/log", Map.of("type", "browser")).findValuesAsText("message");
    }

    void picture(Path file) throws IOException {
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(command("GET", session + "/screenshot", null).asText()));
    }

    private JsonNode command(String method, String path, Map<String, Object> body) {
        try {
            HttpRequest.BodyPublisher publisher = body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body));
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(address + path))
                            .method(method, publisher)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return MAPPER.readTree(response.body()).path("value");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        command("DELETE", session, null);
        driver.destroy();
    }
}
