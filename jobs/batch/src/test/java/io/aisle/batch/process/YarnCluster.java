package io.aisle.batch.process;

import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * YARN with two node managers, as one process; its containers are processes of their own. Tests that leave it as it was share one, which
 * ends with this JVM: the end of its input ends it.
 */
final class YarnCluster implements Cluster {
    private static final Path YARN = AisleProcess.REPOSITORY.resolve("jobs/yarn/target");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 50;
    private static final Pattern NODE = Pattern.compile("localDir-nm-(\\d)_");

    private static YarnCluster shared;

    private final Path directory;
    private final String deployMode;
    private final Process process;
    private final Lines lines;
    private final Set<Path> earlierLogs = new HashSet<>();

    private YarnCluster(Path directory, String deployMode, Process process, Lines lines) {
        this.directory = directory;
        this.deployMode = deployMode;
        this.process = process;
        this.lines = lines;
    }

    /**
     * The one that tests share, once it runs nothing; closing it leaves it to the next.
     *
     * @param deployMode where drivers run: client or cluster
     */
    static synchronized YarnCluster shared(String deployMode) throws IOException, InterruptedException {
        if (shared == null) {
            shared = start(Fixtures.fresh("yarn"), deployMode);
        }
        YarnCluster cluster = new YarnCluster(shared.directory, deployMode, shared.process, shared.lines);
        cluster.awaitIdle();
        cluster.earlierLogs.addAll(cluster.files("stdout"));
        return cluster;
    }

    private void awaitIdle() throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!applicationMasters().isEmpty() || !executors().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the containers of an earlier job still run after " + LIMIT);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /**
     * One of a test's own.
     *
     * @param deployMode where drivers run: client or cluster
     */
    static YarnCluster start(Path directory, String deployMode) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.net.preferIPv4Stack=true",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        Files.readString(YARN.resolve("yarn.classpath")) + ":" + YARN.resolve("classes"),
                        "io.aisle.yarn.YarnMain",
                        directory.resolve("conf").toString())
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        YarnCluster cluster =
                new YarnCluster(directory, deployMode, process, Lines.of(process.getInputStream(), "YARN"));
        cluster.await("YARN is ready");
        return cluster;
    }

    private void await(String sign) throws InterruptedException {
        if (lines.await(line -> line.equals(sign), LIMIT).isEmpty()) {
            end();
            throw new AssertionError("no '" + sign + "'\n" + lines.text());
        }
    }

    /** Stops one of the two node managers, and with it its containers. */
    void stopNode(int number) throws IOException, InterruptedException {
        process.getOutputStream().write(("stop " + number + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        await("stopped " + number);
    }

    /** The number of the node manager that runs a container. */
    static int nodeOf(ProcessHandle container) {
        String command = container.info().commandLine().orElse("");
        Matcher node = NODE.matcher(command);
        if (!node.find()) {
            throw new AssertionError("no directory of a node manager in: " + command);
        }
        return Integer.parseInt(node.group(1));
    }

    /** Whether drivers run in containers. */
    boolean runsDrivers() {
        return deployMode.equals("cluster");
    }

    /** The application masters that run at present; in cluster mode each holds a driver. */
    List<ProcessHandle> applicationMasters() {
        return AisleProcess.javaBelow(process.toHandle(), "org.apache.spark.deploy.yarn.ApplicationMaster");
    }

    /** Waits until a driver in a container has printed that. */
    void awaitDriverLine(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (driversThatSaid(text) == 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no line with '" + text + "' within " + LIMIT + "\n" + logs());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** In how many containers a driver has printed that. */
    long driversThatSaid(String text) throws IOException {
        return files("stdout").stream()
                .filter(file -> text(file).contains(text))
                .count();
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.endsWith(name) && !earlierLogs.contains(file))
                    .toList();
        }
    }

    /** What every container has said. */
    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (String name : List.of("stdout", "stderr")) {
            for (Path file : files(name)) {
                logs.append(file).append('\n').append(text(file)).append('\n');
            }
        }
        return logs.toString();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> submit() {
        try {
            String java = System.getProperty("java.home");
            return Cluster.submit(
                    "yarn",
                    AisleProcess.optionsWithArchive(),
                    "--deploy-mode",
                    deployMode,
                    "--num-executors",
                    "2",
                    "--executor-cores",
                    "1",
                    "--executor-memory",
                    "1g",
                    "--driver-java-options",
                    AisleProcess.optionsWithArchive() + " " + AisleProcess.LOGGING,
                    // containers have class paths of their own, which have to begin as the archive's
                    "--conf",
                    "spark.driver.extraClassPath=" + ClassArchive.classPath(),
                    "--conf",
                    "spark.executor.extraClassPath=" + ClassArchive.classPath(),
                    "--conf",
                    "spark.yarn.jars=local:" + SparkHome.get() + "/jars/*",
                    "--conf",
                    "spark.yarn.stagingDir=" + directory.resolve("staging").toUri(),
                    "--conf",
                    "spark.yarn.appMasterEnv.JAVA_HOME=" + java,
                    "--conf",
                    "spark.executorEnv.JAVA_HOME=" + java,
                    "--conf",
                    "spark.yarn.appMasterEnv.OMP_WAIT_POLICY=PASSIVE",
                    "--conf",
                    "spark.yarn.appMasterEnv.SPARK_LOCAL_IP=127.0.0.1",
                    "--conf",
                    "spark.executorEnv.SPARK_LOCAL_IP=127.0.0.1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("HADOOP_CONF_DIR", directory.resolve("conf").toString());
    }

    @Override
    public List<ProcessHandle> executors(AisleProcess driver) {
        return executors();
    }

    private List<ProcessHandle> executors() {
        return AisleProcess.executorsBelow(process.toHandle());
    }

    @Override
    public void close() {
        if (shared == null || process != shared.process) {
            end();
        }
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
