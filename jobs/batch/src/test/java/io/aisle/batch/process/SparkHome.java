package io.aisle.batch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The Spark home of {@code scripts/spark-home}, as a cluster would have one. */
final class SparkHome {
    private SparkHome() {}

    static Path get() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                AisleProcess.REPOSITORY.resolve("scripts/spark-home").toString());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        return Path.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    /** What starts a class of Spark's as a process. */
    static ProcessBuilder starting(String... command) throws IOException {
        Path home = get();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.command().add(0, home.resolve("bin/spark-class").toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("SPARK_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("SPARK_CONF_DIR", ClassArchive.NO_SETTINGS.toString());
        builder.environment().put("SPARK_DAEMON_JAVA_OPTS", AisleProcess.optionsWithArchive());
        builder.environment().put("SPARK_LOCAL_DIRS", AisleProcess.TEMPORARY.toString());
        builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
        return builder.redirectErrorStream(true);
    }
}
