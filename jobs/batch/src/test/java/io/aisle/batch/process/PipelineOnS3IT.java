package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.TestSession;
import io.aisle.batch.process.FaultProxy.Fault;
import io.aisle.batch.storage.Directory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The jobs as processes, with their data on S3: s3a, and s3 where the products are written. The pipeline runs once, by the same commands
 * that a user gives, and an eighth of its requests goes wrong; it gives what it gives on the local disk in this process.
 */
class PipelineOnS3IT {
    private static final String BUCKET = "pipeline";
    private static final String BASE = "s3a://" + BUCKET + "/nightly";
    private static final Path LOCAL = Path.of("target", "pipeline-on-s3").toAbsolutePath();
    private static final String RUN = "night";
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int ROWS = 1_200;
    private static final List<Fault> FAULTS = List.of(Fault.STATUS_503, Fault.STATUS_500, Fault.CUT_BODY, Fault.DELAY);

    private static final List<String> PRINTED = new ArrayList<>();
    private static S3Server server;

    @BeforeAll
    static void runsPipeline() throws IOException, InterruptedException {
        server = S3Server.start("pipeline", BUCKET);
        S3Server.configure(TestSession.get().sparkContext().hadoopConfiguration(), BUCKET, server.endpoint());
        Fixtures.delete(LOCAL);
        run(server.endpoint(), generate(BASE.replace("s3a:", "s3:")));
        AisleRun.succeeding(generate(LOCAL.toString()));
        for (String[] job : jobs(LOCAL.toString())) {
            AisleRun.succeeding(job);
        }
        for (String[] job : jobs(BASE)) {
            runThroughFaults(job);
        }
    }

    @AfterAll
    static void stopsServer() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "products",
                "prepared/train",
                "prepared/validation",
                "prepared/test",
                "prepared/quarantine",
                "prepared/duplicates",
                "evaluation/quarantine",
                "evaluation/metrics",
                "catalog/runs/" + RUN + "/predictions",
                "catalog/runs/" + RUN + "/review"
            })
    void whatSparkWroteWasCommittedByMagic(String directory) throws IOException {
        assertThat(json(directory, "_SUCCESS").path("committer").textValue()).isEqualTo("magic");
    }

    @Test
    void leavesNothingOfTheCommitterBehind() {
        assertThat(directory("prepared/train").has("__magic")).isFalse();
        assertThat(directory("prepared/train").has("_temporary")).isFalse();
    }

    @Test
    void evaluationSaysHowManyRowsItMeasured() throws IOException {
        long test = json("prepared", "manifest.json").at("/rows/test").longValue();

        assertThat(test).isPositive();
        assertThat(json("evaluation", "metrics.json").at("/rows/evaluated").longValue())
                .isEqualTo(test);
    }

    @Test
    void preparesTrainsAndEvaluatesTheSameAsOnTheLocalDisk() throws IOException {
        assertThat(json("prepared", "manifest.json").path("fingerprint").textValue())
                .isNotEmpty()
                .isEqualTo(local("prepared/manifest.json").path("fingerprint").textValue());
        assertThat(json("model", "manifest.json")
                        .path("files")
                        .path("model.onnx")
                        .textValue())
                .isNotEmpty()
                .isEqualTo(local("model/manifest.json")
                        .path("files")
                        .path("model.onnx")
                        .textValue());
        assertThat(json("evaluation", "metrics.json").path("metrics"))
                .isNotEmpty()
                .isEqualTo(local("evaluation/metrics.json").path("metrics"));
    }

    @Test
    void classifiesTheSameAsOnTheLocalDisk() {
        List<Row> found = predictions(BASE);
        List<Row> expected = predictions(LOCAL.toString());
        assertThat(expected).hasSizeGreaterThan(ROWS * 9 / 10);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).getString(0)).isEqualTo(expected.get(i).getString(0));
            assertThat(found.get(i).getString(1)).isEqualTo(expected.get(i).getString(1));
            assertThat(found.get(i).getFloat(2)).isCloseTo(expected.get(i).getFloat(2), within(1e-6f));
        }
    }

    @Test
    void refusesToWriteByRenaming() throws IOException, InterruptedException {
        List<String> submit = new ArrayList<>(S3Server.submitOptions(server.endpoint()));
        submit.addAll(List.of("--conf", "spark.hadoop.fs.s3a.committer.name=file"));
        try (AisleProcess process = AisleProcess.start(
                S3Server.environment(),
                submit,
                "generate",
                "--rows",
                "10",
                "--output",
                "s3a://" + BUCKET + "/renamed")) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(2);
            assertThat(process.err())
                    .contains("Cannot write s3a://" + BUCKET
                            + "/renamed: found settings by which Spark renames what it wrote"
                            + " (fs.s3a.committer.name = file), expected one of the S3A committers, since S3 has no rename."
                            + " Set what conf/spark-defaults.conf sets under \"S3\".");
        }
    }

    @Test
    void saysSoonThatEndpointDoesNotAnswer() throws IOException, InterruptedException {
        URI closed;
        try (FaultProxy proxy = FaultProxy.to(server.endpoint())) {
            closed = proxy.endpoint();
        }
        try (AisleProcess process = AisleProcess.start(
                S3Server.environment(),
                S3Server.submitOptions(closed),
                "generate",
                "--output",
                "s3a://" + BUCKET + "/unreachable")) {
            assertThat(process.exitCode(Duration.ofMinutes(2)))
                    .as("%s", process)
                    .isEqualTo(2);
            assertThat(process.err())
                    .contains("Cannot reach s3a://" + BUCKET + "/unreachable: found no answer (")
                    .contains("Check its address (S3: fs.s3a.endpoint) and the network.");
        }
    }

    @Test
    void saysThatBucketOfTheInputIsMissing() throws InterruptedException {
        try (AisleProcess process = AisleProcess.start(
                S3Server.environment(),
                S3Server.submitOptions(server.endpoint()),
                "prepare",
                "--input",
                "s3a://nosuchbucket/products",
                "--format",
                "amazon",
                "--output",
                BASE + "/never")) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(2);
            assertThat(process.err())
                    .contains("found no such bucket (")
                    .contains("Create it, or correct its name, fs.s3a.endpoint or the account.");
        }
    }

    @Test
    void secretsStandNowhere() throws IOException {
        assertThat(PRINTED)
                .isNotEmpty()
                .allSatisfy(printed ->
                        assertThat(printed).doesNotContain(S3Server.SECRET_KEY).doesNotContain(S3Server.ACCESS_KEY));
        assertThat(LOCAL.resolve("events")).isNotEmptyDirectory();
        for (Path root : List.of(server.root(), LOCAL)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                    assertThat(content.contains(S3Server.SECRET_KEY) || content.contains(S3Server.ACCESS_KEY))
                            .as("%s", file)
                            .isFalse();
                }
            }
        }
    }

    private static String[] generate(String base) {
        return new String[] {"generate", "--rows", "" + ROWS, "--classes", "24", "--output", base + "/products"};
    }

    /** The pipeline below a directory that holds products. */
    private static List<String[]> jobs(String base) {
        String[] prepare = {
            "prepare", "--input", base + "/products", "--min-class-size", "30", "--output", base + "/prepared"
        };
        String[] train = {
            "train",
            "--data",
            base + "/prepared",
            "--epochs",
            "2",
            "--max-tokens",
            "32",
            "--kind",
            "bag",
            "--set",
            "train.vocabulary-size=1000",
            "--set",
            "train.threads=1",
            "--output",
            base + "/model"
        };
        String[] evaluate = {
            "evaluate", "--model", base + "/model", "--input", base + "/prepared/test", "--output", base + "/evaluation"
        };
        String[] classify = {
            "classify",
            "--model",
            base + "/model",
            "--input",
            base + "/products",
            "--run-id",
            RUN,
            "--output",
            base + "/catalog"
        };
        return List.of(prepare, train, evaluate, classify);
    }

    /** Runs a job of whose requests an eighth goes wrong, in one way after another. */
    private static void runThroughFaults(String... job) throws IOException, InterruptedException {
        try (FaultProxy proxy = FaultProxy.to(server.endpoint())) {
            proxy.injectInTurn(FAULTS, 8, 42, request -> request.contains(BUCKET));
            run(proxy.endpoint(), job);
            assertThat(proxy.faults()).as("%d requests", proxy.requests()).isGreaterThanOrEqualTo(FAULTS.size());
            assertThat(proxy.faults() * 10).isGreaterThanOrEqualTo(proxy.requests());
        }
    }

    private static void run(URI endpoint, String... job) throws InterruptedException {
        Map<String, String> environment = new HashMap<>(S3Server.environment());
        environment.put("AISLE_EVENT_LOG", LOCAL.resolve("events").toString());
        List<String> submit = new ArrayList<>(S3Server.submitOptions(endpoint));
        // so that a key in it would be found
        submit.addAll(List.of("--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.compress=false"));
        try (AisleProcess process = AisleProcess.start(environment, submit, job)) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            PRINTED.add(process.out() + "\n" + process.err());
        }
    }

    private static Directory directory(String name) {
        return Directory.of(TestSession.get(), BASE + "/" + name);
    }

    private static JsonNode json(String directory, String name) throws IOException {
        return new ObjectMapper().readTree(directory(directory).read(name));
    }

    private static JsonNode local(String file) throws IOException {
        return new ObjectMapper().readTree(LOCAL.resolve(file).toFile());
    }

    /** Rows of (id, category, confidence), sorted. */
    private static List<Row> predictions(String base) {
        return TestSession.get()
                .read()
                .parquet(base + "/catalog/runs/" + RUN + "/predictions")
                .select("id", "category", "confidence")
                .orderBy("id", "category", "confidence")
                .collectAsList();
    }
}
