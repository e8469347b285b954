package io.aisle.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.settings.CommandLine;
import io.aisle.core.settings.Settings;
import io.aisle.core.settings.UsageException;
import io.aisle.core.storage.S3Access;
import io.aisle.serving.model.Scorer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeSettingsTest {
    @TempDir
    private Path folder;

    private static ServeSettings read(String... options) {
        Settings settings =
                CommandLine.parse("aisle serve", ServeSettings.OPTIONS, List.of(options)).settings();
        ServeSettings read = ServeSettings.read(settings);
        settings.check();
        return read;
    }

    @Test
    void hasDefaultsForAllButTheModelAndTheKeys() {
        assertThat(read("--model", "m", "--keys", "k"))
                .isEqualTo(new ServeSettings(
                        "m",
                        "127.0.0.1",
                        8080,
                        false,
                        Optional.of(Path.of("k")),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false,
                        Duration.ofSeconds(10),
                        new Scorer.Limits(
                                Runtime.getRuntime().availableProcessors(),
                                64,
                                Duration.ofMillis(2),
                                2048,
                                Duration.ofSeconds(10),
                                64L << 20),
                        new ServeSettings.Limits(10 << 20, 100L << 20, 2, 1024, 1024, Duration.ofSeconds(10)),
                        S3Access.standard()));
    }

    @Test
    void readsEveryKey() throws IOException {
        Path overlay = Files.writeString(
                folder.resolve("serve.conf"),
                """
                serve {
                  model = "s3://b/models", host = localhost, port = 1, demo = true, corrections = c, review = r
                  new-categories = true, open-metrics = true, poll-seconds = 2, threads = 3, batch-products = 4
                  batch-wait-milliseconds = 5, queue-products = 1006, timeout-seconds = 7, cache-megabytes = 8
                  max-body-bytes = 1029, max-file-bytes = 1030, max-files = 11, max-connections = 12
                  min-bytes-per-second = 13
                  s3 { endpoint = "minio:9000", region = here, path-style = true }
                }
                """);

        S3Access standard = S3Access.standard();
        assertThat(read("--conf", overlay.toString()))
                .isEqualTo(new ServeSettings(
                        "s3://b/models",
                        "localhost",
                        1,
                        true,
                        Optional.empty(),
                        Optional.of("c"),
                        true,
                        Optional.of("r"),
                        true,
                        Duration.ofSeconds(2),
                        new Scorer.Limits(3, 4, Duration.ofMillis(5), 1006, Duration.ofSeconds(7), 8L << 20),
                        new ServeSettings.Limits(1029, 1030, 11, 12, 13, Duration.ofSeconds(7)),
                        new S3Access(
                                Optional.of(URI.create("https://minio:9000")),
                                Optional.of("here"),
                                true,
                                standard.credentials(),
                                standard.encryption())));
    }

    @Test
    void refusesKeysThatAreNotThere() {
        assertThatThrownBy(() -> read("--model", "m", "--demo", "--set", "serve.prot=1"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("unknown key serve.prot")
                .hasMessageContaining("serve.port");
        assertThatThrownBy(() -> read("--demo"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--model");
    }

    @ParameterizedTest
    @CsvSource({
        "serve.port, 65536",
        "serve.port, -1",
        "serve.port, http",
        "serve.threads, 1025",
        "serve.batch-products, 0",
        "serve.batch-products, 1001",
        "serve.queue-products, 999",
        "serve.timeout-seconds, 0",
        "serve.max-files, 0",
        "serve.max-body-bytes, 1023",
        "serve.min-bytes-per-second, -1",
        "serve.cache-megabytes, 0.5",
        "serve.s3.endpoint, a b"
    })
    void saysWhichKeyIsOutOfBounds(String key, String value) {
        assertThatThrownBy(() -> read("--model", "m", "--host", "localhost", "--demo", "--set", key + "=" + value))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot use the settings: found")
                .hasMessageContaining("- " + key + ": found ");
    }

    @Test
    void saysAllThatContradictsItself() {
        assertThatThrownBy(() -> read("--model", "m", "--demo", "--keys", "k", "--host", "192.0.2.1", "--port", "70000"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found 3 problems")
                .hasMessageContaining("serve.demo: found the host 192.0.2.1, expected a loopback address")
                .hasMessageContaining("serve.keys: found a file beside serve.demo")
                .hasMessageContaining("serve.port: found 70000");
    }
}
