package io.aisle.batch.process;

import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * An S3 server (s3mock) as a process of its own, on a free port of the loopback interface, with buckets that it starts with. It checks
 * neither signatures nor keys. The server insists on a second port, which is on all interfaces; nobody uses it.
 */
public final class S3Server implements AutoCloseable {
    public static final String ACCESS_KEY = "AKIAAISLETESTKEY0001";
    public static final String SECRET_KEY = "hush/aisle/test/secret/never/shown/0001";
    private static final Pattern STARTED = Pattern.compile("Tomcat started on ports (\\d+) \\(http\\).*");

    private final Process process;
    private final Path root;
    private final URI endpoint;

    private S3Server(Process process, Path root, URI endpoint) {
        this.process = process;
        this.root = root;
        this.endpoint = endpoint;
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param name of its directory below target, which is emptied
     */
    public static S3Server start(String name, String... buckets) throws IOException, InterruptedException {
        Path root = Path.of("target", "s3-server", name).toAbsolutePath();
        Fixtures.delete(root);
        Files.createDirectories(root);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("target", "s3-server", "s3mock.jar").toString(),
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--server.ssl.enabled=false",
                "--http.port=0");
        builder.environment().put("COM_ADOBE_TESTING_S3MOCK_STORE_INITIAL_BUCKETS", String.join(",", buckets));
        builder.environment().put("COM_ADOBE_TESTING_S3MOCK_STORE_ROOT", root.toString());
        Process process = builder.redirectErrorStream(true).start();
        Lines lines = Lines.of(process.getInputStream(), "S3 server");
        String started = lines.await(line -> STARTED.matcher(line).find(), Duration.ofMinutes(1))
                .orElseThrow(() -> {
                    process.destroyForcibly();
                    return new AssertionError("the S3 server did not start\n" + lines.text());
                });
        Matcher port = STARTED.matcher(started);
        if (!port.find()) {
            throw new IllegalStateException(started);
        }
        return new S3Server(process, root, URI.create("http://127.0.0.1:" + port.group(1)));
    }

    /** Where it keeps the objects. */
    public Path root() {
        return root;
    }

    public URI endpoint() {
        return endpoint;
    }

    /** What Hadoop is told to reach a bucket at the endpoint, the server's own or that of a proxy before it; without keys. */
    public static Map<String, String> settings(URI endpoint) {
        return Map.of("fs.s3a.endpoint", endpoint.toString(), "fs.s3a.path.style.access", "true");
    }

    /** The same for spark-submit. */
    public static List<String> submitOptions(URI endpoint) {
        List<String> options = new ArrayList<>();
        settings(endpoint)
                .forEach((key, value) -> options.addAll(List.of("--conf", "spark.hadoop." + key + "=" + value)));
        return options;
    }

    /** The environment that holds the keys. */
    public static Map<String, String> environment() {
        return Map.of("AWS_ACCESS_KEY_ID", ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", SECRET_KEY);
    }

    /** Lets this JVM's Hadoop reach a bucket at the endpoint. */
    public static void configure(Configuration hadoop, String bucket, URI endpoint) {
        String prefix = "fs.s3a.bucket." + bucket + ".";
        settings(endpoint).forEach((key, value) -> hadoop.set(key.replace("fs.s3a.", prefix), value));
        hadoop.set(prefix + "access.key", ACCESS_KEY);
        hadoop.set(prefix + "secret.key", SECRET_KEY);
        hadoop.set(prefix + "attempts.maximum", "2");
        hadoop.set(prefix + "retry.limit", "2");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
