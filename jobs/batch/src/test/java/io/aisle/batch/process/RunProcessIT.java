package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.TestSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.io.CompressionCodec;
import org.apache.spark.io.ZStdCompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves in its logs, and how a signal ends it. */
class RunProcessIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Path JSON_LOGGING = AisleProcess.REPOSITORY.resolve("conf/log4j2-json.properties");

    /** By name, what nobody may read anywhere. */
    private static final Map<String, String> SECRETS = Map.of(
            "spark.hadoop.fs.s3a.access.key", "AKIAHIDDEN1",
            "spark.hadoop.fs.s3a.secret.key", "HIDDEN2",
            "spark.hadoop.fs.s3a.session.token", "HIDDEN3",
            "spark.hadoop.fs.s3a.bucket.shop.secret.key", "HIDDEN4",
            "spark.aisle.endpoint", "https://user:HIDDEN5@store.example/x");

    @TempDir
    Path folder;

    @Test
    void aSignalEndsItWithOneLineAndTheSignalsExitCode() throws InterruptedException {
        Path output = folder.resolve("catalog");
        try (AisleProcess process =
                AisleProcess.start("generate", "--rows", "50000000", "--output", output.toString())) {
            awaitWork(process, output);

            process.terminate();

            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(143);
            assertThat(process.err().lines())
                    // Spark's word on the tests' directory
                    .filteredOn(line -> !line.contains("spark.local.dir will be overridden"))
                    .containsExactly(
                            "Stopped by a signal before the job was done. Nothing was published unless the job said so. Run the"
                                    + " same command again.");
        }
    }

    /** Waits until tasks are writing. */
    private static void awaitWork(AisleProcess process, Path output) throws InterruptedException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(output.resolve("_temporary/0/_temporary"))) {
            assertThat(process.isAlive()).as("%s", process).isTrue();
            assertThat(System.nanoTime()).as("works in time").isLessThan(limit);
            Thread.sleep(1);
        }
    }

    @Test
    void itsLogsAreJsonWhereAskedAndItsEventLogHoldsTheRunAndNoSecret() throws IOException, InterruptedException {
        Path events = Files.createDirectories(folder.resolve("events"));
        List<String> submit = new ArrayList<>(List.of(
                "--driver-java-options",
                AisleProcess.optionsWithArchive() + " -Dlog4j2.configurationFile=" + JSON_LOGGING));
        SECRETS.forEach((name, secret) -> submit.addAll(List.of("--conf", name + "=" + secret)));
        submit.addAll(List.of("--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.compress=true"));
        // Spark warns of it
        submit.addAll(List.of("--conf", "spark.kryoserializer.buffer.mb=1"));
        try (AisleProcess process = AisleProcess.start(
                Map.of("AISLE_EVENT_LOG", events.toString()),
                submit,
                "generate",
                "--rows",
                "10",
                "--output",
                folder.resolve("catalog").toString(),
                "--set",
                "log.format=json")) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();

            List<JsonNode> said = objects(process.out(), "INFO");
            assertThat(said.get(said.size() - 1).path("step").asText()).isEqualTo("generate: write");
            objects(process.err(), "WARN");
        }
        assertThat(text(events))
                .contains("generate: write")
                .contains("fs.s3a.secret.key")
                .contains("SparkListenerApplicationEnd")
                .doesNotContain("HIDDEN");
    }

    /** The objects of a log in JSON, one a line. */
    private static List<JsonNode> objects(String log, String level) throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : log.lines().toList()) {
            JsonNode object = new ObjectMapper().readTree(line);
            assertThat(object.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.?\\d*Z");
            assertThat(object.path("level").asText()).isEqualTo(level);
            assertThat(object.path("message").asText()).isNotEmpty();
            objects.add(object);
        }
        assertThat(objects).isNotEmpty();
        return objects;
    }

    /** The whole event log, which is one or more compressed files. */
    private static String text(Path events) throws IOException {
        CompressionCodec codec =
                new ZStdCompressionCodec(TestSession.get().sparkContext().getConf());
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(events)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".zstd")).toList()) {
                try (var in = codec.compressedContinuousInputStream(Files.newInputStream(file))) {
                    text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return text.toString();
    }
}
