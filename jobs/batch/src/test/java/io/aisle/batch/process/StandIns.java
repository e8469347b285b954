package io.aisle.batch.process;

import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Images to build on that stand in for those which only a registry has. Their operating systems are made once, by debootstrap, and kept
 * below the repository's target.
 */
final class StandIns {
    static final String SPARK = "localhost/spark:stand-in";
    static final String JAVA = "localhost/java:stand-in";
    static final String CUDA = "localhost/cuda:stand-in";

    private static final Path SOURCES = Path.of("src", "test", "container").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private StandIns() {}

    /** Spark as in its image, with Java, tini and an entrypoint of our own, from the jars that Maven resolved; without S3A. */
    static void buildSpark(Buildah buildah) throws IOException, InterruptedException {
        Path home = SparkHome.get();
        Path jars = Fixtures.fresh("container-spark-jars");
        try (Stream<Path> links = Files.list(home.resolve("jars"))) {
            for (Path link : links.toList()) {
                String name = link.getFileName().toString();
                if (!name.startsWith("hadoop-aws-") && !name.startsWith("aws-java-sdk-")) {
                    Files.copy(link.toRealPath(), jars.resolve(name));
                }
            }
        }
        String container = buildah.run("from", "scratch");
        buildah.run("add", "--quiet", container, system().resolve("spark.tar").toString(), "/");
        buildah.run("copy", "--quiet", container, jars.toString(), "/opt/spark/jars/");
        buildah.run(
                "copy", "--quiet", container, home.resolve("bin").toRealPath().toString(), "/opt/spark/bin/");
        buildah.run(
                "copy", "--quiet", container, SOURCES.resolve("entrypoint.sh").toString(), "/opt/entrypoint.sh");
        buildah.run(
                "copy", "--quiet", container, SOURCES.resolve("entrypoint.sh").toString(), "/opt/decom.sh");
        buildah.run(
                "config",
                "--env=JAVA_HOME=/opt/java/openjdk",
                "--env=PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "--env=LANG=C.UTF-8",
                "--env=SPARK_HOME=/opt/spark",
                "--workingdir=/opt/spark/work-dir",
                "--user=spark",
                "--entrypoint=[\"/opt/entrypoint.sh\"]",
                container);
        buildah.run("commit", "--quiet", "--rm", container, SPARK);
    }

    /** A system with Java, and with Spark's user, whom nothing of the service's may need. */
    static void buildJava(Buildah buildah) throws IOException, InterruptedException {
        String container = buildah.run("from", "scratch");
        buildah.run("add", "--quiet", container, system().resolve("spark.tar").toString(), "/");
        buildah.run(
                "config",
                "--env=JAVA_HOME=/opt/java/openjdk",
                "--env=PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                container);
        buildah.run("commit", "--quiet", "--rm", container, JAVA);
    }

    /** No CUDA, only the bare system that lies below it. */
    static void buildCuda(Buildah buildah) throws IOException, InterruptedException {
        String container = buildah.run("from", "scratch");
        buildah.run("add", "--quiet", container, system().resolve("bare.tar").toString(), "/");
        buildah.run("config", "--env=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container);
        buildah.run("commit", "--quiet", "--rm", container, CUDA);
    }

    /** The directory with the systems, named by what makes them. */
    private static Path system() throws IOException, InterruptedException {
        Path script = SOURCES.resolve("make-os");
        Path directory = AisleProcess.REPOSITORY.resolve("target/container/os-" + digest(script));
        if (!Files.exists(directory.resolve("complete"))) {
            Program.run(Map.of(), LIMIT, List.of(script.toString(), directory.toString()))
                    .requireSuccess();
            Files.createFile(directory.resolve("complete"));
        }
        return directory;
    }

    private static String digest(Path file) throws IOException {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return String.format("%064x", new BigInteger(1, hash)).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
