package io.aisle.batch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A script of the repository, run as a process. */
final class Script {
    static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();

    /** Prints the words of each call of a cloud's command, as a shell reads them. */
    private static final String READER =
            "print() { printf '%s\\0' \"$@\"; printf '\\1\\0'; }; aws() { print aws \"$@\"; };"
                    + " gcloud() { print gcloud \"$@\"; }; eval \"$1\"";

    private Script() {}

    /** What a process left. */
    record Outcome(int exitCode, String out, String err) {
        /** The words of the one call that was printed; fails where the script failed. */
        List<String> call() {
            List<List<String>> calls = calls();
            if (calls.size() != 1) {
                throw new AssertionError("found " + calls.size() + " calls, expected one\n" + out);
            }
            return calls.get(0);
        }

        /** The words of each call that was printed. */
        List<List<String>> calls() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + "\n" + err);
            }
            Outcome read = execute(Map.of(), List.of("bash", "-c", READER, "reader", out));
            if (read.exitCode != 0 || !read.err.isEmpty()) {
                throw new AssertionError("a shell cannot read\n" + out + "\n" + read.err);
            }
            List<List<String>> calls = new ArrayList<>();
            for (String call : read.out.split("\1\0", 0)) {
                calls.add(Arrays.asList(call.split("\0", 0)));
            }
            return calls;
        }
    }

    static Outcome run(String script, String... words) {
        return run(Map.of(), script, List.of(words));
    }

    static Outcome run(Map<String, String> environment, String script, List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(REPOSITORY.resolve("scripts").resolve(script).toString());
        command.addAll(words);
        return execute(environment, command);
    }

    static Outcome execute(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(REPOSITORY.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            String out = text(process.getInputStream());
            return new Outcome(process.waitFor(), out, err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a program into a directory that is to come first on the PATH. */
    static void program(Path directory, String name, String body) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/bash\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Makes a directory a PATH of its own with some of the tools that every Linux has. */
    static void tools(Path directory, String... names) throws IOException {
        for (String name : names) {
            program(directory, name, "exec /bin/" + name + " \"$@\"");
        }
    }

    /** The PATH with a directory before all others. */
    static Map<String, String> pathWith(Path directory) {
        return Map.of("PATH", directory + ":" + System.getenv("PATH"));
    }
}
