package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.TestSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The jobs on each kind of cluster, by the same commands, beside this process with two threads. */
class ClustersIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Path DIRECTORY = Fixtures.fresh("clusters");
    private static final Path PRODUCTS = DIRECTORY.resolve("products");
    private static final Path ALONE = DIRECTORY.resolve("alone");
    private static final int ROWS = 1_200;

    @BeforeAll
    static void runsInThisProcess() {
        AisleRun.succeeding("generate", "--rows", "" + ROWS, "--classes", "24", "--output", PRODUCTS.toString());
        jobs(ALONE).forEach(AisleRun::succeeding);
    }

    @ParameterizedTest
    @EnumSource
    void givesWhatOneMachineGives(Cluster.Kind kind) throws IOException, InterruptedException {
        Path output = DIRECTORY.resolve(kind.name());
        try (Cluster cluster = kind.start("cluster-" + kind)) {
            // its own test has a local-cluster
            if (kind == Cluster.Kind.YARN_CLUSTER) {
                run(cluster, looked(classify(ALONE.resolve("model"), output.resolve("catalog"))));
            }
            for (String[] job : jobs(output)) {
                run(cluster, job);
            }
            if (cluster instanceof StandaloneCluster standalone) {
                requireOneSessionAnExecutor(standalone);
            }
        }

        assertThat(json(output, "prepared/manifest.json").path("fingerprint").textValue())
                .isNotEmpty()
                .isEqualTo(json(ALONE, "prepared/manifest.json")
                        .path("fingerprint")
                        .textValue());
        JsonNode files = json(output, "model/manifest.json").path("files");
        assertThat(files.path("model.onnx").textValue())
                .isNotEmpty()
                .isEqualTo(json(ALONE, "model/manifest.json")
                        .path("files")
                        .path("model.onnx")
                        .textValue());
        assertThat(files.has("spark-nlp/metadata/part-00000")).isTrue();
        assertAlike(predictions(output), predictions(ALONE));
    }

    /** Of the last job, which scored with four tasks on two executors: one of them at least ran more than one. */
    private static void requireOneSessionAnExecutor(StandaloneCluster cluster) throws IOException {
        assertThat(cluster.executorLogsOfLastJob())
                .hasSize(2)
                .anySatisfy(log -> assertThat(opened(log)).isEqualTo(1));
        assertThat(cluster.executorLogsOfLastJob()).allSatisfy(log -> {
            assertThat(opened(log)).isLessThanOrEqualTo(1);
            assertThat(count(log, "Executor: Fetching spark://.*[.]onnx")).isLessThanOrEqualTo(1);
        });
    }

    private static long opened(String log) {
        return count(log, "opening the classifier of model ");
    }

    private static long count(String log, String pattern) {
        return Pattern.compile(pattern).matcher(log).results().count();
    }

    private static List<String[]> jobs(Path output) {
        Path prepared = output.resolve("prepared");
        Path model = output.resolve("model");
        return List.of(
                new String[] {
                    "prepare", "--input", PRODUCTS.toString(), "--min-class-size", "30", "--output", prepared.toString()
                },
                new String[] {
                    "train",
                    "--data",
                    prepared.toString(),
                    "--epochs",
                    "1",
                    "--max-tokens",
                    "32",
                    "--set",
                    "train.vocabulary-size=1000",
                    "--set",
                    "train.threads=1",
                    "--output",
                    model.toString()
                },
                classify(model, output.resolve("catalog")));
    }

    /** The doctor's look at a job before it. */
    private static String[] looked(String[] job) {
        return Stream.concat(Stream.of("doctor"), Stream.of(job)).toArray(String[]::new);
    }

    private static String[] classify(Path model, Path output) {
        return Nights.classify(model, PRODUCTS, output.toString(), "run");
    }

    private static void run(Cluster cluster, String... job) throws InterruptedException {
        try (AisleProcess process = AisleProcess.start(cluster.environment(), cluster.submit(), job)) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
        }
    }

    private static JsonNode json(Path directory, String file) throws IOException {
        return new ObjectMapper().readTree(directory.resolve(file).toFile());
    }

    /** Rows of (id, category, categories of the top, their confidences), sorted. */
    private static List<Row> predictions(Path output) {
        return TestSession.get()
                .read()
                .parquet(output.resolve("catalog/runs/run/predictions").toString())
                .selectExpr("id", "category", "top.category", "top.confidence")
                .orderBy("id")
                .collectAsList();
    }

    private static void assertAlike(List<Row> found, List<Row> expected) {
        assertThat(expected).hasSizeGreaterThan(ROWS * 9 / 10);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).getString(0)).isEqualTo(expected.get(i).getString(0));
            assertThat(found.get(i).getString(1)).isEqualTo(expected.get(i).getString(1));
            assertThat(found.get(i).getList(2)).isEqualTo(expected.get(i).getList(2));
            List<Float> confidences = new ArrayList<>(found.get(i).<Float>getList(3));
            for (float confidence : expected.get(i).<Float>getList(3)) {
                assertThat(confidences.remove(0)).isCloseTo(confidence, within(1e-6f));
            }
        }
    }
}
