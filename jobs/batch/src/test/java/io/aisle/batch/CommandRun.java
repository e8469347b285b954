package io.aisle.batch;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command line did: its exit code, and what it printed. */
public record CommandRun(int exitCode, String out, String err) {

    /** Runs a command line in this JVM, on the session of the tests. */
    public static CommandRun of(String... arguments) {
        return of(List.of(arguments));
    }

    /** Runs a command line in this JVM, on the session of the tests. */
    public static CommandRun of(List<String> arguments) {
        return of(Main.COMMANDS, arguments);
    }

    static CommandRun of(List<Job.Command> commands, List<String> arguments) {
        TestSession.get();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(
                commands,
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
