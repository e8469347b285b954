package io.aisle.batch.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One {@code scripts/aisle}, or a script that runs it, as a process of its own, with the jars that were just built. Closing it ends it, by force. */
public final class AisleProcess implements AutoCloseable {
    static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();
    /** What a process that is killed leaves here is large. */
    static final Path TEMPORARY = Path.of("target", "spark-local").toAbsolutePath();

    /** Of JVMs that live for the few rows of a test: better compiled code would cost more than it saves. */
    static final String JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    /** The jobs' own logging: {@link ClassArchive#NO_SETTINGS} takes the place of conf/. */
    static final String LOGGING = "-Dlog4j2.configurationFile=" + REPOSITORY.resolve("conf/log4j2.properties");

    /** What a driver needs for so few rows. */
    private static final List<String> SUBMIT = List.of(
            "--",
            "--properties-file",
            REPOSITORY.resolve("conf/spark-defaults.conf").toString(),
            "--master",
            "local[2,4]",
            "--driver-memory",
            "1500m",
            "--conf",
            "spark.sql.shuffle.partitions=2",
            "--conf",
            "spark.sql.codegen.wholeStage=false",
            "--conf",
            "spark.eventLog.enabled=false",
            "--conf",
            "spark.local.dir=" + TEMPORARY);

    /** Options of a process that is measured: with many rows, it runs as a user runs it, since there are enough for compiled code to pay. */
    static final List<String> AS_USERS_RUN = List.of(
            "--driver-memory",
            "4g",
            "--conf",
            "spark.sql.shuffle.partitions=16",
            "--conf",
            "spark.sql.codegen.wholeStage=true",
            "--conf",
            "spark.eventLog.enabled=true",
            "--driver-java-options",
            "-XX:+UseG1GC " + LOGGING);

    /** 128 and the number of SIGKILL. */
    private static final int KILLED = 137;

    private static final Duration FREEZING = Duration.ofSeconds(30);

    private final List<String> command;
    private final Process process;
    private final Lines out;
    private final Lines err;

    private AisleProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.out = Lines.of(process.getInputStream(), "out of " + process.pid());
        this.err = Lines.of(process.getErrorStream(), "err of " + process.pid());
    }

    /** {@link #JAVA_OPTIONS} for JVMs with the class path of the Spark home. */
    static String optionsWithArchive() {
        return JAVA_OPTIONS + " " + ClassArchive.javaOption();
    }

    /** Starts a job. */
    public static AisleProcess start(String... job) {
        return start(Map.of(), List.of(), job);
    }

    /**
     * Starts a job.
     *
     * @param environment added to that of this process, of which nothing about AWS and Spark is kept
     * @param submit more options for spark-submit; where one is set twice, it takes the later
     */
    public static AisleProcess start(Map<String, String> environment, List<String> submit, String... job) {
        return start("aisle", ClassArchive.javaOption(), environment, submit, job);
    }

    /** Starts a job without the archive of classes, and with that option. */
    static AisleProcess startWithJavaOption(String option, String... job) {
        return start("aisle", option, Map.of(), List.of(), job);
    }

    /** Starts another script that runs jobs, one after the other, all with the same options for spark-submit. */
    static AisleProcess startScript(String script, String... words) {
        return start(script, ClassArchive.javaOption(), Map.of(), List.of(), words);
    }

    private static AisleProcess start(
            String script, String javaOption, Map<String, String> environment, List<String> submit, String... job) {
        List<String> command = new ArrayList<>();
        command.add(REPOSITORY.resolve("scripts").resolve(script).toString());
        command.addAll(List.of(job));
        command.addAll(SUBMIT);
        command.addAll(List.of("--driver-java-options", String.join(" ", JAVA_OPTIONS, LOGGING, javaOption)));
        command.addAll(submit);
        return start(command, environment);
    }

    private static AisleProcess start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(REPOSITORY.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("SPARK_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        builder.environment().put("SPARK_CONF_DIR", ClassArchive.NO_SETTINGS.toString());
        builder.environment().putAll(environment);
        try {
            return new AisleProcess(command, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts the service on a free port; {@link #awaitPort} says which.
     *
     * @param environment added to that of this process, of which nothing about AWS is kept
     */
    static AisleProcess serve(Map<String, String> environment, String... options) {
        List<String> command = new ArrayList<>();
        command.add(REPOSITORY.resolve("scripts/aisle").toString());
        command.addAll(List.of("serve", "--port", "0"));
        command.addAll(List.of(options));
        command.add("--");
        command.addAll(List.of(JAVA_OPTIONS.split(" ", -1)));
        return start(command, environment);
    }

    /** The port of a service, when it takes requests. */
    int awaitPort() throws InterruptedException {
        String ready = awaitErrorLine("ready: http://127.0.0.1:", Duration.ofMinutes(2));
        return Integer.parseInt(ready.replaceFirst(".*ready: http://127\\.0\\.0\\.1:(\\d+)/.*", "$1"));
    }

    public long pid() {
        return process.pid();
    }

    /** Waits for a line on standard output that holds the text; fails where the process ends or the time is up before. */
    public String awaitLine(String text, Duration limit) throws InterruptedException {
        return await(out, text, limit);
    }

    /** The same of standard error. */
    public String awaitErrorLine(String text, Duration limit) throws InterruptedException {
        return await(err, text, limit);
    }

    private String await(Lines lines, String text, Duration limit) throws InterruptedException {
        return lines.await(line -> line.contains(text), limit)
                .orElseThrow(() -> new AssertionError("no line with '" + text + "' within " + limit + "\n" + this));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The executors that a master of the kind local-cluster started. */
    public List<ProcessHandle> executors() {
        return executorsBelow(process.toHandle());
    }

    static List<ProcessHandle> executorsBelow(ProcessHandle ancestor) {
        return javaBelow(ancestor, "CoarseGrainedExecutorBackend");
    }

    /** Java processes whose command line holds the text; shells that started one are none. */
    static List<ProcessHandle> javaBelow(ProcessHandle ancestor, String text) {
        return ancestor.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .filter(child -> child.info().commandLine().orElse("").contains(text))
                .toList();
    }

    /** Stops every thread of the process where it is, until {@link #resume}; fails where it had ended already. */
    public void freeze() throws IOException, InterruptedException {
        requireAlive();
        freeze(process.toHandle());
    }

    /** Stops every thread of a process where it is. */
    static void freeze(ProcessHandle process) throws IOException, InterruptedException {
        signal("STOP", process);
        long deadline = System.nanoTime() + FREEZING.toNanos();
        while (!isFrozen(process)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("process " + process.pid() + " does not stop");
            }
            Thread.sleep(1);
        }
    }

    /** Whether the kernel says of each thread that it was stopped: T after the name in parentheses. */
    private static boolean isFrozen(ProcessHandle process) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
            for (Path thread : threads.toList()) {
                String state = Files.readString(thread.resolve("stat"));
                if (!state.substring(state.lastIndexOf(')')).startsWith(") T")) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            // a thread that ended after it was listed
            return false;
        }
    }

    /** Lets a process go on that was frozen. */
    public void resume() throws IOException, InterruptedException {
        resume(process.toHandle());
    }

    static void resume(ProcessHandle process) throws IOException, InterruptedException {
        signal("CONT", process);
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-" + name, "" + process.pid())
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new AssertionError("kill -" + name + " " + process.pid() + " ended with " + exitCode);
        }
    }

    /** Asks the process to end as {@code kill} does; fails where it had ended already. */
    public void terminate() {
        requireAlive();
        // the process's own method would close its streams, and lose its last words
        process.toHandle().destroy();
    }

    /** Kills the process as {@code kill -9} does, and waits until it is gone; fails where it had ended already. */
    public void kill() throws InterruptedException {
        requireAlive();
        destroy();
        if (process.waitFor() != KILLED) {
            throw new AssertionError("the process ended by itself, with " + process.exitValue() + "\n" + this);
        }
    }

    private void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("the process had ended before it was killed\n" + this);
        }
    }

    /** Waits for the process to end, and then for all it printed. */
    public int exitCode(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + "\n" + this);
        }
        out.awaitEnd();
        err.awaitEnd();
        return process.exitValue();
    }

    public String out() {
        return out.text();
    }

    public String err() {
        return err.text();
    }

    @Override
    public void close() {
        destroy();
    }

    private void destroy() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return "pid " + pid() + ": " + String.join(" ", command) + "\n" + out() + "\n" + err();
    }
}
