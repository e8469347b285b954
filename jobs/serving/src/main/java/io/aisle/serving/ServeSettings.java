package io.aisle.serving;

import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import io.aisle.core.storage.S3Access;
import io.aisle.serving.model.Scorer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the service needs to know.
 *
 * @param model a bundle, or a directory of bundles
 * @param keys the file of API keys; empty in a demonstration
 * @param corrections directory to write corrections to
 * @param review output of classify to show people
 */
public record ServeSettings(
        String model,
        String host,
        int port,
        boolean isDemo,
        Optional<Path> keys,
        Optional<String> corrections,
        boolean allowsNewCategories,
        Optional<String> review,
        boolean hasOpenMetrics,
        Duration poll,
        Scorer.Limits scoring,
        Limits limits,
        S3Access s3) {

    /** Of connections and bodies. */
    public record Limits(
            int bodyBytes, long fileBytes, int files, int connections, int bytesPerSecond, Duration timeout) {}

    public static final String SUMMARY =
            "Answers over HTTP: one product or a file, with a page, and takes corrections.";

    public static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required(
                    "model", "URI", "serve.model", "a model bundle, or a directory of bundles with CURRENT"),
            CommandOption.optional("port", "NUMBER", "serve.port", "port to listen at"),
            CommandOption.optional("host", "ADDRESS", "serve.host", "address to listen at"),
            CommandOption.optional("keys", "FILE", "serve.keys", "file of API keys, which aisle api-key writes"),
            CommandOption.flag("demo", "serve.demo", "ask for no API keys, on loopback alone"),
            CommandOption.optional("corrections", "URI", "serve.corrections", "directory to write corrections to"),
            CommandOption.optional("review", "URI", "serve.review", "output of classify to show for review"));

    /** The largest request there is, which has to find room in the queue. */
    public static final int MAX_PRODUCTS = 1_000;

    public static ServeSettings read(Settings settings) {
        String host = settings.text("serve.host");
        boolean isDemo = settings.flag("serve.demo");
        Optional<Path> keys = settings.optionalText("serve.keys").map(Path::of);
        if (isDemo && !isLoopback(host)) {
            settings.problem(
                    "serve.demo", "the host " + host, "a loopback address, as 127.0.0.1, where no key is asked for");
        }
        if (isDemo == keys.isPresent()) {
            settings.problem(
                    "serve.keys",
                    isDemo ? "a file beside serve.demo" : "none",
                    "a file that aisle api-key writes (--keys FILE), or --demo on loopback alone");
        }
        Duration timeout = Duration.ofSeconds(settings.integer("serve.timeout-seconds", 1, 3600));
        return new ServeSettings(
                settings.text("serve.model"),
                host,
                settings.integer("serve.port", 0, 65_535),
                isDemo,
                keys,
                settings.optionalText("serve.corrections"),
                settings.flag("serve.new-categories"),
                settings.optionalText("serve.review"),
                settings.flag("serve.open-metrics"),
                Duration.ofSeconds(settings.integer("serve.poll-seconds", 1, 86_400)),
                scoring(settings, timeout),
                new Limits(
                        settings.integer("serve.max-body-bytes", 1024, 1 << 30),
                        settings.wholeNumber("serve.max-file-bytes", 1024, 1L << 40),
                        settings.integer("serve.max-files", 1, 100),
                        settings.integer("serve.max-connections", 1, 100_000),
                        settings.integer("serve.min-bytes-per-second", 0, 1 << 30),
                        timeout),
                s3(settings));
    }

    private static Scorer.Limits scoring(Settings settings, Duration timeout) {
        int threads = settings.integer("serve.threads", 0, 1024);
        return new Scorer.Limits(
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                settings.integer("serve.batch-products", 1, MAX_PRODUCTS),
                Duration.ofMillis(settings.integer("serve.batch-wait-milliseconds", 0, 1000)),
                settings.integer("serve.queue-products", MAX_PRODUCTS, 10_000_000),
                timeout,
                settings.wholeNumber("serve.cache-megabytes", 0, 1 << 20) << 20);
    }

    private static S3Access s3(Settings settings) {
        S3Access standard = S3Access.standard();
        Optional<URI> endpoint = settings.optionalText("serve.s3.endpoint").map(given -> {
            try {
                return URI.create(given.contains("://") ? given : "https://" + given);
            } catch (IllegalArgumentException e) {
                settings.problem("serve.s3.endpoint", given, "an address such as https://host:port");
                return null;
            }
        });
        return new S3Access(
                endpoint,
                settings.optionalText("serve.s3.region"),
                settings.flag("serve.s3.path-style"),
                standard.credentials(),
                standard.encryption());
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
