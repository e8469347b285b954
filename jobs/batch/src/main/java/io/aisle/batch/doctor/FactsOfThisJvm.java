package io.aisle.batch.doctor;

import ai.onnxruntime.OrtEnvironment;
import io.aisle.batch.doctor.JvmFacts.TemporarySpace;
import io.aisle.batch.doctor.JvmFacts.Versions;
import io.aisle.batch.storage.PlaceProbe;
import io.aisle.batch.storage.S3Endpoint;
import io.aisle.core.UserException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.SparkEnv;

/** Gathers {@link JvmFacts}. */
final class FactsOfThisJvm {
    private static final String DRIVER = "driver";

    private FactsOfThisJvm() {}

    /**
     * Looks at this JVM. Takes a second or two.
     *
     * @param opens packages of java.base that have to be open
     * @param places to read, or only to reach where they are to be written
     */
    static JvmFacts gather(List<String> opens, List<AskedPlace> places, Configuration hadoop) throws IOException {
        String id = SparkEnv.get().executorId();
        OptionalLong limit = Machine.containerLimit();
        List<String> providers = new ArrayList<>();
        String onnxFailure = onnxFailure(providers);
        return new JvmFacts(
                id.equals(DRIVER) ? DRIVER : "executor " + id,
                host(),
                ProcessHandle.current().pid(),
                System.getProperty("java.version"),
                Runtime.version().feature(),
                closed(opens),
                System.getProperty("os.arch"),
                Machine.libc(),
                onnxFailure,
                providers,
                new Versions(
                        org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                        scala.util.Properties.versionNumberString(),
                        VersionInfo.getVersion()),
                Runtime.getRuntime().maxMemory(),
                Math.min(limit.orElse(Long.MAX_VALUE), Machine.memory()),
                limit.isPresent(),
                Runtime.getRuntime().availableProcessors(),
                Machine.openFiles(),
                temporary(),
                Machine.gpuDriver(),
                Machine.gpus(),
                DuplicateClasses.among(DuplicateClasses.classPath()),
                unreachable(places, hadoop));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }

    /** Asks the module system, not the arguments: options may stand in files, environment variables and manifests. */
    private static List<String> closed(List<String> opens) {
        Module base = Object.class.getModule();
        Module ours = FactsOfThisJvm.class.getModule();
        return opens.stream().filter(name -> !base.isOpen(name, ours)).toList();
    }

    /** Loads ONNX Runtime's native library, as scoring will. */
    private static String onnxFailure(List<String> providers) {
        try {
            OrtEnvironment.getEnvironment();
            OrtEnvironment.getAvailableProviders().stream().map(Enum::name).forEach(providers::add);
            return "";
        } catch (RuntimeException | LinkageError e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getClass().getSimpleName() + ": " + root.getMessage();
        }
    }

    private static List<TemporarySpace> temporary() {
        List<TemporarySpace> spaces = new ArrayList<>();
        for (File directory : SparkEnv.get().blockManager().diskBlockManager().localDirs()) {
            spaces.add(space("spark.local.dir", directory.toPath()));
        }
        spaces.add(space("java.io.tmpdir", Path.of(System.getProperty("java.io.tmpdir"))));
        return spaces;
    }

    private static TemporarySpace space(String use, Path directory) {
        try {
            Files.delete(Files.createTempFile(directory, "aisle-probe", ""));
            return new TemporarySpace(
                    use, directory.toString(), Files.getFileStore(directory).getUsableSpace(), "");
        } catch (IOException e) {
            return new TemporarySpace(use, directory.toString(), 0, e.toString());
        }
    }

    private static Map<String, String> unreachable(List<AskedPlace> places, Configuration hadoop) {
        Map<String, String> failures = new TreeMap<>();
        for (AskedPlace place : places) {
            String uri = place.uri();
            try {
                // at once, where S3A would try for minutes
                S3Endpoint.of(hadoop, uri).ifPresent(S3Endpoint::ask);
                PlaceProbe probe = PlaceProbe.of(hadoop, uri);
                if (place.isRead()) {
                    probe.read();
                } else {
                    probe.reach();
                }
            } catch (UserException e) {
                failures.put(uri, e.getMessage());
            }
        }
        return failures;
    }
}
