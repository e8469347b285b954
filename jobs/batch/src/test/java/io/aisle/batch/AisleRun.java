package io.aisle.batch;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** What a command line did, in this JVM, on the session of the tests: its exit code, and what it printed. */
public record AisleRun(int exitCode, String out, String err) {
    public static AisleRun of(String... arguments) {
        return of(List.of(arguments));
    }

    public static AisleRun of(List<String> arguments) {
        return of(Main.COMMANDS, arguments);
    }

    /** Against the jobs given. */
    static AisleRun of(List<Job.Command> commands, List<String> arguments) {
        return of(line -> {}, commands, arguments);
    }

    /** Each line that the job says is handed over before the job goes on. */
    public static AisleRun of(Consumer<String> whenSaid, String... arguments) {
        return of(whenSaid, Main.COMMANDS, List.of(arguments));
    }

    private static AisleRun of(Consumer<String> whenSaid, List<Job.Command> commands, List<String> arguments) {
        TestSession.get();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Lines lines = new Lines(whenSaid);
        int exitCode = Main.run(
                commands,
                arguments,
                new PrintStream(lines, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new AisleRun(exitCode, lines.all.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs a job that has to end well. */
    public static AisleRun succeeding(String... arguments) {
        AisleRun run = of(arguments);
        if (run.exitCode != 0) {
            throw new AssertionError("exit code " + run.exitCode + " of " + List.of(arguments) + "\n" + run.err);
        }
        return run;
    }

    private static final class Lines extends java.io.OutputStream {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final Consumer<String> whenSaid;

        Lines(Consumer<String> whenSaid) {
            this.whenSaid = whenSaid;
        }

        @Override
        public void write(int b) {
            all.write(b);
            if (b == '\n') {
                String whole = line.toString(StandardCharsets.UTF_8);
                line.reset();
                whenSaid.accept(whole);
            } else {
                line.write(b);
            }
        }
    }
}
