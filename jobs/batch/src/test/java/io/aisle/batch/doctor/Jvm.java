package io.aisle.batch.doctor;

import io.aisle.batch.doctor.DuplicateClasses.Clash;
import io.aisle.batch.doctor.JvmFacts.TemporarySpace;
import io.aisle.batch.doctor.JvmFacts.Versions;
import java.util.List;
import java.util.Map;

/** The facts of a JVM that is well, to be spoiled one by one. */
final class Jvm {
    static final long GIGABYTE = 1L << 30;
    static final BuiltFor BUILT_FOR = new BuiltFor("3.5.5", "2.12", "3.3.4", List.of("java.lang", "java.nio"));

    private final String name;
    private String java = "17.0.15";
    private int javaFeature = 17;
    private List<String> closed = List.of();
    private String architecture = "amd64";
    private String libc = "glibc 2.36";
    private String onnxFailure = "";
    private List<String> providers = List.of("CPU");
    private Versions versions = new Versions("3.5.5", "2.12.18", "3.3.4");
    private long openFiles = 65_536;
    private TemporarySpace temporary = new TemporarySpace("spark.local.dir", "/tmp/blockmgr-1", 50 * GIGABYTE, "");
    private String gpuDriver = "";
    private List<String> gpus = List.of();
    private List<Clash> duplicates = List.of();
    private Map<String, String> unreachable = Map.of();

    private Jvm(String name) {
        this.name = name;
    }

    static Jvm named(String name) {
        return new Jvm(name);
    }

    static JvmFacts well(String name) {
        return named(name).facts();
    }

    Jvm java(String version, int feature) {
        java = version;
        javaFeature = feature;
        return this;
    }

    Jvm closed(String... packages) {
        closed = List.of(packages);
        return this;
    }

    Jvm platform(String processor, String cLibrary, String failure) {
        architecture = processor;
        libc = cLibrary;
        onnxFailure = failure;
        return this;
    }

    Jvm versions(String spark, String scala, String hadoop) {
        versions = new Versions(spark, scala, hadoop);
        return this;
    }

    Jvm openFiles(long limit) {
        openFiles = limit;
        return this;
    }

    Jvm temporary(long freeBytes, String failure) {
        temporary = new TemporarySpace("spark.local.dir", "/tmp/blockmgr-1", freeBytes, failure);
        return this;
    }

    Jvm gpu(String driver, List<String> devices, List<String> runsOn) {
        gpuDriver = driver;
        gpus = devices;
        providers = runsOn;
        return this;
    }

    Jvm duplicates(Clash... clashes) {
        duplicates = List.of(clashes);
        return this;
    }

    Jvm unreachable(String uri, String message) {
        unreachable = Map.of(uri, message);
        return this;
    }

    JvmFacts facts() {
        return new JvmFacts(
                name,
                "host-of-" + name.replace(' ', '-'),
                1,
                java,
                javaFeature,
                closed,
                architecture,
                libc,
                onnxFailure,
                providers,
                versions,
                4 * GIGABYTE,
                16 * GIGABYTE,
                false,
                4,
                openFiles,
                List.of(temporary),
                gpuDriver,
                gpus,
                duplicates,
                unreachable);
    }
}
