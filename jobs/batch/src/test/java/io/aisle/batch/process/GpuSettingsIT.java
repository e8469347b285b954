package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** GPUs asked for by Spark's settings, on a machine that has none. */
class GpuSettingsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Path DIRECTORY = Fixtures.fresh("gpu");
    private static final List<String> ASKING =
            List.of("--conf", "spark.executor.resource.gpu.amount=1", "--conf", "spark.task.resource.gpu.amount=0.5");
    private static final String NO_CUDA =
            "Cannot use a GPU: found an ONNX Runtime without CUDA on the class path (jar onnxruntime),"
                    + " expected the jar onnxruntime_gpu. Build with scripts/build -Pgpu, or take the GPU settings away.";

    @Test
    void localMasterDoesNotWaitForThem() throws InterruptedException {
        try (AisleProcess process = AisleProcess.start(Map.of(), ASKING, generate("local"))) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            assertThat(process.out()).contains("took Spark's GPU settings away, since under a local master");
        }
    }

    @Test
    void networkIsRefusedAtOnceWithoutCudaInTheJar() throws InterruptedException {
        try (AisleProcess process = AisleProcess.start(Map.of(), ASKING, classify("local-catalog"))) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(2);
            assertThat(process.err()).contains(NO_CUDA);
            assertThat(process.out()).doesNotContain("scoring ");
        }
    }

    @Test
    void clusterGivesThemToTasksAndJobsRefuseWhatIsMissing() throws IOException, InterruptedException {
        Path prepared = DIRECTORY.resolve("prepared");
        try (StandaloneCluster cluster = StandaloneCluster.start(Fixtures.fresh("gpu-cluster"))) {
            List<String> submit = new ArrayList<>(cluster.submit());
            submit.addAll(ASKING);
            try (AisleProcess process = AisleProcess.start(Map.of(), submit, classify("cluster-catalog"))) {
                assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(2);
                assertThat(process.err()).contains(NO_CUDA);
            }
            AisleRun.succeeding(generate("products"));
            AisleRun.succeeding(
                    "prepare",
                    "--input",
                    DIRECTORY.resolve("products").toString(),
                    "--min-class-size",
                    "20",
                    "--output",
                    prepared.toString());
            try (AisleProcess process = AisleProcess.start(
                    Map.of(),
                    submit,
                    "train",
                    "--data",
                    prepared.toString(),
                    "--output",
                    DIRECTORY.resolve("model").toString())) {
                assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(2);
                assertThat(process.err())
                        .contains("Cannot train on GPU 0: found a PyTorch without CUDA on the class path (jar"
                                + " pytorch-native-cpu)");
            }
            assertThat(cluster.executorLogsOfLastJob())
                    .isNotEmpty()
                    .allSatisfy(log -> assertThat(log).contains("gpu -> [name: gpu, addresses: 0]"));
        }
    }

    private static String[] generate(String name) {
        return new String[] {
            "generate",
            "--rows",
            "400",
            "--classes",
            "24",
            "--output",
            DIRECTORY.resolve(name).toString()
        };
    }

    private static String[] classify(String name) {
        return Nights.second(DIRECTORY.resolve(name).toString(), Nights.SECOND);
    }
}
