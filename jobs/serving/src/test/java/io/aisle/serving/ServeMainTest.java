package io.aisle.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return ServeMain.run(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsEachCommandsOptions() {
        assertThat(run("serve", "--help")).isZero();
        assertThat(out()).contains("--model URI", "--demo", "--keys FILE", "--dry-run");
        assertThat(run("api-key", "--help")).isZero();
        assertThat(out()).contains("--name NAME", "--scopes A,B");
        assertThat(err()).isEmpty();
    }

    @Test
    void aBadCommandLineIsOne() {
        assertThat(run()).isEqualTo(1);
        assertThat(run("sing")).isEqualTo(1);
        assertThat(err()).contains("Cannot run sing: expected one of serve, api-key.");
        assertThat(run("serve", "--modle", "m")).isEqualTo(1);
        assertThat(err()).contains("--modle", "--model");
        assertThat(run("serve", "--demo")).isEqualTo(1);
        assertThat(out()).isEmpty();
    }

    @Test
    void badInputIsTwoWithoutAStackTrace() throws IOException {
        assertThat(run("serve", "--model", folder.resolve("none").toString(), "--demo")).isEqualTo(2);
        assertThat(err()).contains("Cannot serve").doesNotContain("\tat ");
        assertThat(run("serve", "--model", "m")).isEqualTo(2);
        assertThat(run("serve", "--model", "m", "--demo", "--host", "0.0.0.0")).isEqualTo(2);
        assertThat(run("serve", "--model", "m", "--keys", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(run("api-key", "--keys", "k", "--name", " ")).isEqualTo(2);
        assertThat(err()).contains("api-key.name").doesNotContain("\tat ");

        TestBundles.linear(folder.resolve("model"), 4);
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(run("serve", "--model", folder.resolve("model").toString(), "--demo", "--host", "127.0.0.1", "--port", port))
                    .isEqualTo(2);
            assertThat(err()).contains("Cannot listen at 127.0.0.1:" + port).doesNotContain("\tat ");
        }
    }

    @Test
    void aDryRunSaysWhatItWouldUseAndStartsNothing() {
        assertThat(run("serve", "--model", "s3://me:secret@host/models", "--keys", "the-keys.json", "--dry-run"))
                .isZero();
        assertThat(out())
                .contains("serve.port = 8080", "serve.keys = \"the-keys.json\"", "serve.model = ", "//(hidden)@host/models")
                .doesNotContain("secret");

        assertThat(run("api-key", "--keys", folder.resolve("k").toString(), "--name", "x", "--dry-run")).isZero();
        assertThat(folder.resolve("k")).doesNotExist();
        assertThat(out()).contains("api-key.name = \"x\"").doesNotContain("aisle_");
    }

    @Test
    void printsAKeyAloneOnItsOutput() throws IOException {
        Path file = folder.resolve("keys.json");

        assertThat(run("api-key", "--keys", file.toString(), "--name", "shop")).isZero();

        String key = out().strip();
        assertThat(key).matches("aisle_[A-Za-z0-9_-]{43}");
        assertThat(err()).contains("added shop to " + file).doesNotContain(key);
        assertThat(Files.readString(file)).doesNotContain(key);
    }
}
