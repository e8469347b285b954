package io.aisle.batch.doctor;

import static io.aisle.batch.doctor.Judged.assertFinding;
import static io.aisle.batch.doctor.Judged.assertOk;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.doctor.GpuCheck.Facts;
import io.aisle.batch.gpu.GpuRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuCheckTest {
    private static final JvmFacts DRIVER = Jvm.well("driver");
    private static final JvmFacts EXECUTOR = Jvm.well("executor 1");

    @Test
    void gpusThatAreAskedForAreThereAndNoneStandsIdle() {
        GpuRequest none = new GpuRequest(false, false);
        GpuRequest tasks = new GpuRequest(true, false);
        JvmFacts withGpu = Jvm.named("executor 1")
                .gpu("NVRM version: 550.54", List.of("NVIDIA L4, 23034 MiB, 550.54"), List.of("CUDA", "CPU"))
                .facts();
        assertOk(gpus(none, EXECUTOR).get(0), "not asked for, and none on the driver and 1 executor");
        assertThat(gpus(tasks, withGpu))
                .containsExactly(
                        Finding.ok("gpu: jar", "ONNX Runtime with CUDA"),
                        Finding.ok("gpu: driver", "NVRM version: 550.54"),
                        Finding.ok("gpu: device", "NVIDIA L4, 23034 MiB, 550.54"));

        assertFinding(
                gpus(none, withGpu).get(0),
                Verdict.WARN,
                "not asked for, but there: NVIDIA L4, 23034 MiB, 550.54",
                "spark.executor.resource.gpu.amount=1");
        assertFinding(
                gpus(tasks, EXECUTOR).get(0),
                Verdict.FAIL,
                "asked for, but ONNX Runtime can run on CPU only (jar onnxruntime), expected CUDA (jar onnxruntime_gpu)",
                "scripts/build -Pgpu");
        assertFinding(
                gpus(tasks, EXECUTOR).get(1),
                Verdict.FAIL,
                "asked for, but no NVIDIA driver (/proc/driver/nvidia/version) on executor 1 (host-of-executor-1), expected one",
                "NVIDIA's driver");
        assertFinding(
                gpus(tasks, EXECUTOR).get(2),
                Verdict.FAIL,
                "asked for, but nvidia-smi lists none on executor 1 (host-of-executor-1), expected one or more",
                "Run nvidia-smi there");
        assertThat(GpuCheck.judge(new Facts(tasks, List.of(DRIVER))))
                .as("on a cluster the driver runs no network")
                .containsExactly(Finding.skip("gpu", "no executor answered, on which networks run"));
    }

    private static List<Finding> gpus(GpuRequest request, JvmFacts executor) {
        return GpuCheck.judge(new Facts(request, List.of(DRIVER, executor)));
    }
}
