package io.aisle.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.io.CompressionCodec;
import org.apache.spark.io.ZStdCompressionCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run as a process of its own, with the settings of {@code conf}. */
class RunProcessIT {
    private static final Path CONF =
            Path.of("..", "..", "conf").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private Process process;

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private void start(Map<String, String> properties, String log4j, String... arguments) throws IOException {
        Properties defaults = new Properties();
        try (Reader reader = Files.newBufferedReader(CONF.resolve("spark-defaults.conf"))) {
            defaults.load(reader);
        }
        defaults.setProperty("spark.master", "local[1]");
        defaults.putAll(properties);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Xmx1g", "-Dlog4j2.configurationFile=" + CONF.resolve(log4j).toUri()));
        defaults.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment()
                .put(
                        "AISLE_EVENT_LOG",
                        Files.createDirectories(folder.resolve("events")).toString());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        process = builder.start();
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ends").isTrue();
        return process.exitValue();
    }

    private String text(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    /** Waits until tasks are writing. */
    private void awaitWork(Path output) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!Files.exists(output.resolve("_temporary/0/_temporary"))) {
            assertThat(process.isAlive()).as("still running").isTrue();
            assertThat(System.nanoTime()).as("works in time").isLessThan(limit);
            Thread.onSpinWait();
        }
    }

    @Test
    void aSignalEndsTheRunWithOneLineAndTheSignalsExitCode() throws Exception {
        Path output = folder.resolve("catalog");
        start(Map.of(), "log4j2.properties", "generate", "--rows", "50000000", "--output", output.toString());
        awaitWork(output);

        process.destroy();

        assertThat(exitCode()).isEqualTo(143);
        assertThat(text("err"))
                .isEqualTo(
                        "Stopped by a signal before the job was done. Nothing was published unless the job said so. Run the"
                                + " same command again.\n");
    }

    @Test
    void theEventLogHoldsTheRunAndNoSecret() throws Exception {
        start(
                Map.of(
                        "spark.hadoop.fs.s3a.access.key", "AKIAHIDDEN1",
                        "spark.hadoop.fs.s3a.secret.key", "HIDDEN2",
                        "spark.hadoop.fs.s3a.session.token", "HIDDEN3",
                        "spark.hadoop.fs.s3a.bucket.shop.secret.key", "HIDDEN4",
                        "spark.aisle.endpoint", "https://user:HIDDEN5@store.example/x",
                        "spark.eventLog.compress", "true"),
                "log4j2.properties",
                "generate",
                "--rows",
                "10",
                "--output",
                folder.resolve("catalog").toString());

        assertThat(exitCode()).as(text("err")).isZero();
        String events = events();
        assertThat(events)
                .contains("generate: write")
                .contains("fs.s3a.secret.key")
                .contains("SparkListenerApplicationEnd");
        assertThat(events).doesNotContain("HIDDEN");
    }

    /** The whole event log, which is one or more compressed files. */
    private String events() throws IOException {
        CompressionCodec codec =
                new ZStdCompressionCodec(TestSession.get().sparkContext().getConf());
        StringBuilder events = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder.resolve("events"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".zstd")).toList()) {
                try (var in = codec.compressedContinuousInputStream(Files.newInputStream(file))) {
                    events.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return events.toString();
    }

    @Test
    void bothLogsAreJsonWhereAsked() throws Exception {
        start(
                // Spark warns of it
                Map.of("spark.kryoserializer.buffer.mb", "1"),
                "log4j2-json.properties",
                "generate",
                "--rows",
                "10",
                "--output",
                folder.resolve("catalog").toString(),
                "--set",
                "log.format=json");

        assertThat(exitCode()).as(text("err")).isZero();
        var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
        for (String file : List.of("out", "err")) {
            assertThat(text(file).lines()).isNotEmpty();
            for (String line : text(file).lines().toList()) {
                var object = mapper.readTree(line);
                assertThat(object.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.?\\d*Z");
                assertThat(object.path("level").asText()).isEqualTo(file.equals("out") ? "INFO" : "WARN");
                assertThat(object.path("message").asText()).isNotEmpty();
            }
        }
        assertThat(mapper.readTree(text("out")).path("step").asText()).isEqualTo("generate: write");
    }
}
