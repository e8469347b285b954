package io.aisle.bench;

import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs programs as their users do, each a process of its own, and times them whole. */
final class Commands {
    /** GNU time writes the most memory that the process had resident, in kB, and its seconds of processor. */
    private static final Path TIME = Path.of("/usr/bin/time");

    private Commands() {}

    /**
     * What a process took.
     *
     * @param seconds from its start to its end
     * @param cpuSeconds in user mode and in the kernel, with its children's
     * @param residentBytes the most that it, or the largest of its children, had at once
     * @param output of both streams
     */
    record Use(double seconds, double cpuSeconds, long residentBytes, String output) {}

    /** Runs {@code scripts/aisle}. */
    static Use aisle(List<String> arguments) throws IOException, InterruptedException {
        return aisle(arguments, List.of(), Map.of());
    }

    /**
     * Runs {@code scripts/aisle}.
     *
     * @param submit options of spark-submit
     */
    static Use aisle(List<String> arguments, List<String> submit, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("scripts/aisle"));
        command.addAll(arguments);
        command.add("--");
        command.addAll(submit);
        return run(command, environment);
    }

    /** Runs a program to its end, and says what it printed where it fails. */
    static Use run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        requireTime();
        Path output = Files.createTempFile("bench", ".log");
        Path use = Files.createTempFile("bench", ".time");
        try {
            List<String> timed =
                    new ArrayList<>(List.of(TIME.toString(), "--format", "%U\n%S\n%M", "--output", use.toString()));
            timed.addAll(command);
            ProcessBuilder builder =
                    new ProcessBuilder(timed).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            long start = System.nanoTime();
            int exitCode = builder.start().waitFor();
            double seconds = (System.nanoTime() - start) / 1e9;
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            if (exitCode != 0) {
                throw new UserException("Cannot measure " + String.join(" ", command) + ": found exit code " + exitCode
                        + ", expected 0. It printed:\n" + printed);
            }
            List<String> fields = Files.readAllLines(use);
            return new Use(
                    seconds,
                    Double.parseDouble(fields.get(0)) + Double.parseDouble(fields.get(1)),
                    Long.parseLong(fields.get(2)) * 1024,
                    printed);
        } finally {
            Files.delete(output);
            Files.delete(use);
        }
    }

    private static void requireTime() {
        if (!Files.isExecutable(TIME)) {
            throw new UserException("Cannot measure memory: found no " + TIME
                    + ", expected GNU time. Install it, as in: apt-get install time");
        }
    }
}
