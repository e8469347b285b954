package io.aisle.batch.process;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end.
 *
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record Program(List<String> command, int exitCode, String out, String err) {
    /**
     * Runs a program in the root of the repository; fails where it takes too long.
     *
     * @param environment added to that of this process
     */
    static Program run(Map<String, String> environment, Duration limit, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(AisleProcess.REPOSITORY.toFile());
        builder.environment().putAll(environment);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Process process = builder.start();
        Lines out = Lines.of(process.getInputStream(), "out of " + process.pid());
        Lines err = Lines.of(process.getErrorStream(), "err of " + process.pid());
        boolean isEnded = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!isEnded) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        out.awaitEnd();
        err.awaitEnd();
        Program program = new Program(command, process.exitValue(), out.text(), err.text());
        if (!isEnded) {
            throw new AssertionError("still running after " + limit + "\n" + program);
        }
        return program;
    }

    /** The same program; fails where it did not end well. */
    Program requireSuccess() {
        if (exitCode != 0) {
            throw new AssertionError("ended with " + exitCode + "\n" + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return String.join(" ", command) + "\n" + out + "\n" + err;
    }
}
