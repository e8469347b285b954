package io.aisle.batch.doctor;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What one JVM, the driver or an executor, found out about itself and its machine.
 *
 * @param name driver, or executor 1
 * @param java version of the Java runtime, such as 17.0.15
 * @param javaFeature first number of it
 * @param closedPackages packages of java.base that Spark needs and that are not open to it
 * @param architecture of the processor, by Java's name
 * @param libc C library and version, such as glibc 2.36
 * @param onnxFailure why ONNX Runtime's native library does not load; empty where it does
 * @param onnxProviders what ONNX Runtime of this class path can run on
 * @param heapBytes most that the heap may grow to
 * @param limitBytes what the container allows the process, or the memory of the machine
 * @param isContainer whether a container sets the limit
 * @param cores that Java sees
 * @param openFiles that the process may hold open
 * @param temporary directories for temporary files
 * @param gpuDriver version of NVIDIA's driver, as it tells it; empty where there is none
 * @param gpus what the machine's driver lists, one line a device; empty without a driver or a device
 * @param duplicates classes of which two jars have one each
 * @param unreachable by URI of a place, why this machine cannot use it
 */
record JvmFacts(
        String name,
        String host,
        long pid,
        String java,
        int javaFeature,
        List<String> closedPackages,
        String architecture,
        String libc,
        String onnxFailure,
        List<String> onnxProviders,
        Versions versions,
        long heapBytes,
        long limitBytes,
        boolean isContainer,
        int cores,
        long openFiles,
        List<TemporarySpace> temporary,
        String gpuDriver,
        List<String> gpus,
        List<DuplicateClasses.Clash> duplicates,
        Map<String, String> unreachable)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * Of the libraries that the cluster brings.
     *
     * @param scala such as 2.12.18
     */
    record Versions(String spark, String scala, String hadoop) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A directory for temporary files.
     *
     * @param use Spark's or Java's
     * @param freeBytes that this process may still write
     * @param failure why nothing can be written there; empty where it can
     */
    record TemporarySpace(String use, String path, long freeBytes, String failure) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** Whether the other is the same process. */
    boolean isSameProcess(JvmFacts other) {
        return host.equals(other.host) && pid == other.pid;
    }
}
