package io.aisle.batch.doctor;

import io.aisle.batch.gpu.GpuProbe;
import io.aisle.batch.gpu.GpuRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the GPUs that Spark's settings ask for can be used: the jar with CUDA code, NVIDIA's driver and the device, each by itself. Where
 * none is asked for, whether one stands idle.
 */
final class GpuCheck implements Check {
    static final String NAME = "gpu";
    private static final String CUDA = "CUDA";
    private static final String REMEDY = "Take the GPU settings away, or bring what is missing: docs/deploy.md.";

    /**
     * What is known of GPUs.
     *
     * @param request what was asked for
     * @param jvms the driver first
     */
    record Facts(GpuRequest request, List<JvmFacts> jvms) {
        /** Where the work is done that a GPU could do. */
        List<JvmFacts> workers() {
            return request.isLocal() ? jvms.subList(0, 1) : jvms.subList(1, jvms.size());
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "GPUs that Spark's settings ask for: jar, driver and device; else whether one stands idle";
    }

    @Override
    public List<Finding> look(Examination examination) {
        Facts facts = new Facts(GpuRequest.of(examination.spark().sparkContext()), examination.jvms());
        List<Finding> findings = new ArrayList<>(judge(facts));
        boolean failed = findings.stream().anyMatch(finding -> finding.verdict() == Verdict.FAIL);
        if (facts.request.forTasks() && !failed && !facts.workers().isEmpty()) {
            findings.add(use(examination, facts.request));
        }
        return findings;
    }

    static List<Finding> judge(Facts facts) {
        List<JvmFacts> workers = facts.workers();
        if (workers.isEmpty()) {
            return List.of(Finding.skip(NAME, "no executor answered, on which networks run"));
        }
        if (!facts.request.forTasks()) {
            boolean isIdle = workers.stream().anyMatch(jvm -> !jvm.gpus().isEmpty());
            return List.of(
                    isIdle
                            ? Finding.warn(
                                    NAME,
                                    "not asked for, but there: " + Texts.each(workers, jvm -> some(jvm.gpus())),
                                    "To use it, build with -Pgpu and set spark.executor.resource.gpu.amount=1 and"
                                            + " spark.task.resource.gpu.amount.")
                            : Finding.ok(NAME, "not asked for, and none on " + Texts.where(facts.jvms)));
        }
        List<Finding> findings = new ArrayList<>();
        boolean hasCode = workers.stream().allMatch(jvm -> jvm.onnxProviders().contains(CUDA));
        findings.add(
                hasCode
                        ? Finding.ok(NAME + ": jar", "ONNX Runtime with CUDA")
                        : Finding.fail(
                                NAME + ": jar",
                                "asked for, but ONNX Runtime can run on "
                                        + Texts.each(workers, jvm -> some(jvm.onnxProviders()))
                                        + " only (jar onnxruntime), expected CUDA (jar onnxruntime_gpu)",
                                "Build with scripts/build -Pgpu, or take the GPU settings away."));
        List<JvmFacts> withoutDriver =
                workers.stream().filter(jvm -> jvm.gpuDriver().isEmpty()).toList();
        findings.add(
                withoutDriver.isEmpty()
                        ? Finding.ok(NAME + ": driver", Texts.each(workers, JvmFacts::gpuDriver))
                        : Finding.fail(
                                NAME + ": driver",
                                "asked for, but no NVIDIA driver (/proc/driver/nvidia/version) on "
                                        + names(withoutDriver) + ", expected one",
                                "Use machines or images with NVIDIA's driver and, in containers, its runtime (--gpus all); or take the GPU"
                                        + " settings away."));
        List<JvmFacts> withoutDevice =
                workers.stream().filter(jvm -> jvm.gpus().isEmpty()).toList();
        findings.add(
                withoutDevice.isEmpty()
                        ? Finding.ok(NAME + ": device", Texts.each(workers, jvm -> some(jvm.gpus())))
                        : Finding.fail(
                                NAME + ": device",
                                "asked for, but nvidia-smi lists none on " + names(withoutDevice)
                                        + ", expected one or more",
                                "Run nvidia-smi there; choose machines that have a GPU, or take the GPU settings away."));
        return findings;
    }

    /** Has a task ask for its device, as the job does. */
    private static Finding use(Examination examination, GpuRequest request) {
        try {
            GpuProbe.require(examination.spark().sparkContext(), ignored -> request.taskDevice());
            return Finding.ok(
                    NAME + ": task", "a task was given a GPU; the check model uses it, or pytorch before a training");
        } catch (RuntimeException e) {
            return Finding.fail(NAME + ": task", Finding.mendable(e).orElseThrow(() -> e), REMEDY);
        }
    }

    private static String names(List<JvmFacts> jvms) {
        return Texts.some(
                jvms.stream().map(jvm -> jvm.name() + " (" + jvm.host() + ")").toList());
    }

    private static String some(List<String> values) {
        return values.isEmpty() ? "none" : Texts.some(values);
    }
}
