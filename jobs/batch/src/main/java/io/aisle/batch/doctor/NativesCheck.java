package io.aisle.batch.doctor;

import java.util.List;

/** Whether ONNX Runtime's native library loads, on the driver and every executor. */
final class NativesCheck implements Check {
    @Override
    public String name() {
        return "onnx runtime";
    }

    @Override
    public String subject() {
        return "processor, C library, and whether ONNX Runtime loads, on the driver and every executor";
    }

    @Override
    public List<Finding> look(Examination examination) {
        return judge(examination.jvms());
    }

    static List<Finding> judge(List<JvmFacts> jvms) {
        String platforms = Texts.each(jvms, jvm -> jvm.architecture() + ", " + jvm.libc());
        List<JvmFacts> broken =
                jvms.stream().filter(jvm -> !jvm.onnxFailure().isEmpty()).toList();
        if (!broken.isEmpty()) {
            return List.of(Finding.fail(
                    "onnx runtime",
                    "not loaded: " + Texts.each(broken, JvmFacts::onnxFailure) + " on "
                            + Texts.some(broken.stream().map(JvmFacts::name).toList()) + " (" + platforms
                            + "), expected its native library to load",
                    "Use machines or images with x86_64 or aarch64 and glibc 2.27 or newer (Alpine's musl will not do), and a"
                            + " java.io.tmpdir on a disk that is not mounted noexec."));
        }
        boolean isMixed = jvms.stream().map(JvmFacts::architecture).distinct().count() > 1;
        return List.of(
                isMixed
                        ? Finding.warn(
                                "onnx runtime",
                                "loads on " + Texts.where(jvms) + ", on different processors: " + platforms,
                                "Use one architecture where probabilities must repeat to the last digit; they agree within 1e-4"
                                        + " otherwise.")
                        : Finding.ok("onnx runtime", "loads on " + Texts.where(jvms) + ": " + platforms));
    }
}
