package io.aisle.batch.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Spark's own cluster: a master and two workers of two cores, each of which offers one GPU that is not there. */
final class StandaloneCluster implements Cluster {
    /** A script that claims one GPU. */
    static final Path DISCOVERY =
            Path.of("src/test/resources/io/aisle/batch/process/one-gpu").toAbsolutePath();

    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final List<Process> processes = new ArrayList<>();
    private final Path directory;
    private String master = "";

    private StandaloneCluster(Path directory) {
        this.directory = directory;
    }

    static StandaloneCluster start(Path directory) throws IOException, InterruptedException {
        StandaloneCluster cluster = new StandaloneCluster(directory);
        try {
            Matcher address = MASTER.matcher(cluster.start(
                    "Starting Spark master at",
                    SparkHome.starting(
                            "org.apache.spark.deploy.master.Master",
                            "--host",
                            "127.0.0.1",
                            "--port",
                            "0",
                            "--webui-port",
                            "0")));
            if (!address.find()) {
                throw new AssertionError("the master says no address");
            }
            cluster.master = address.group(1);
            // Spark takes them for two machines
            cluster.startWorker("127.0.0.1");
            cluster.startWorker("127.0.0.2");
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private void startWorker(String host) throws IOException, InterruptedException {
        ProcessBuilder worker = SparkHome.starting(
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                host,
                "--webui-port",
                "0",
                "--cores",
                "2",
                "--memory",
                "2g",
                "--work-dir",
                directory.resolve(host).toString(),
                master);
        worker.environment().put("SPARK_LOCAL_IP", host);
        worker.environment()
                .put(
                        "SPARK_WORKER_OPTS",
                        "-Dspark.worker.resource.gpu.amount=1 -Dspark.worker.resource.gpu.discoveryScript="
                                + DISCOVERY);
        start("Successfully registered with master", worker);
    }

    private String start(String sign, ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        processes.add(process);
        Lines lines = Lines.of(process.getInputStream(), "daemon " + process.pid());
        return lines.await(line -> line.contains(sign), LIMIT)
                .orElseThrow(() -> new AssertionError("no '" + sign + "'\n" + lines.text()));
    }

    /** What those of the job have logged that started last. */
    List<String> executorLogsOfLastJob() throws IOException {
        List<Path> files = files();
        // of the form app-20260131235959-0007
        String last = files.stream()
                .map(StandaloneCluster::job)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return texts(files.stream().filter(file -> job(file).equals(last)).toList());
    }

    /** WORKER/JOB/EXECUTOR/stderr. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.endsWith("stderr")).toList();
        }
    }

    private static String job(Path log) {
        return log.getParent().getParent().getFileName().toString();
    }

    private static List<String> texts(List<Path> files) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path file : files) {
            texts.add(Files.readString(file));
        }
        return texts;
    }

    @Override
    public List<String> submit() {
        return Cluster.submit(master, AisleProcess.optionsWithArchive(), "--executor-memory", "1200m");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public List<ProcessHandle> executors(AisleProcess driver) {
        return processes.stream()
                .flatMap(process -> AisleProcess.executorsBelow(process.toHandle()).stream())
                .toList();
    }

    @Override
    public void close() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }
}
