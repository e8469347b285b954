package io.aisle.batch;

import io.aisle.batch.Job.Command;
import io.aisle.batch.classify.ClassifyJob;
import io.aisle.batch.evaluate.EvaluateJob;
import io.aisle.batch.generate.GenerateJob;
import io.aisle.batch.prepare.PrepareJob;
import io.aisle.batch.promote.PromoteJob;
import io.aisle.batch.promote.RollbackJob;
import io.aisle.batch.train.TrainJob;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.settings.CommandLine;
import io.aisle.core.settings.Settings;
import io.aisle.core.settings.Suggestion;
import io.aisle.core.settings.UsageException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The one entry point of the Spark jobs: dispatches, turns failures into messages and exit codes, and is the only place that ends
 * the process.
 *
 * <p>Exit codes: 0 done · 1 bad command line · 2 bad input or configuration · 3 a bug · 4 refused by a gate, or another run
 * published.
 */
public final class Main {
    static final List<Command> COMMANDS = List.of(
            GenerateJob.COMMAND,
            PrepareJob.COMMAND,
            TrainJob.COMMAND,
            EvaluateJob.COMMAND,
            PromoteJob.COMMAND,
            RollbackJob.COMMAND,
            ClassifyJob.COMMAND);

    private Main() {}

    public static void main(String[] arguments) {
        int exitCode = run(
                List.of(arguments),
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8));
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Runs a command line; returns its exit code. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        return run(COMMANDS, arguments, out, err);
    }

    /** Runs a command line against the jobs given; returns its exit code. */
    static int run(List<Command> commands, List<String> arguments, PrintStream out, PrintStream err) {
        try {
            return dispatch(commands, arguments, out);
        } catch (Throwable e) {
            // also Errors and what Spark throws unchecked: a process that dies of them would exit with 1
            if (e instanceof UsageException) {
                return fail(e, 1, err);
            }
            Optional<RefusedException> refused = cause(e, RefusedException.class);
            if (refused.isPresent()) {
                return fail(refused.get(), 4, err);
            }
            Optional<UserException> mendable = cause(e, UserException.class);
            if (mendable.isPresent()) {
                return fail(mendable.get(), 2, err);
            }
            err.println("This is a bug in Aisle, or something it did not foresee. Please report it with what follows.");
            e.printStackTrace(err);
            return 3;
        }
    }

    private static int fail(Throwable e, int exitCode, PrintStream err) {
        err.println(Settings.withoutCredentials(e.getMessage()));
        return exitCode;
    }

    private static int dispatch(List<Command> commands, List<String> arguments, PrintStream out) {
        if (arguments.isEmpty()
                || arguments.get(0).equals("--help")
                || arguments.get(0).equals("help")) {
            out.print(usage(commands));
            return 0;
        }
        Command command = command(commands, arguments.get(0));
        List<String> options = arguments.subList(1, arguments.size());
        String program = "aisle " + command.name();
        if (options.contains("--help")) {
            out.println(CommandLine.usage(program, command.summary(), command.options()));
            return 0;
        }
        CommandLine commandLine = CommandLine.parse(program, command.options(), options);
        Job job = command.configure().apply(commandLine.settings());
        commandLine.settings().check();
        if (commandLine.isDryRun()) {
            commandLine.settings().resolved().forEach(out::println);
            out.println();
            job.plan().forEach(step -> out.println("would " + Settings.withoutCredentials(step)));
            return 0;
        }
        runOnSpark(program, job, out);
        return 0;
    }

    private static void runOnSpark(String program, Job job, PrintStream out) {
        boolean isBorrowed = SparkSession.getActiveSession().isDefined()
                || SparkSession.getDefaultSession().isDefined();
        SparkSession spark = SparkSessions.open(program);
        ProgressLines progress = new ProgressLines(out);
        spark.sparkContext().addSparkListener(progress);
        try {
            job.run(new JobContext(spark, out));
        } finally {
            spark.sparkContext().removeSparkListener(progress);
            spark.sparkContext().setJobDescription(null);
            if (!isBorrowed) {
                spark.stop();
            }
        }
    }

    private static Command command(List<Command> commands, String name) {
        List<String> names = commands.stream().map(Command::name).toList();
        return commands.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("Cannot run job " + name + ": found no such job, expected one of "
                        + String.join(", ", names) + Suggestion.of(name, names)));
    }

    private static String usage(List<Command> commands) {
        StringBuilder jobs = new StringBuilder();
        for (Command command : commands) {
            jobs.append(String.format("  %-10s %s%n", command.name(), command.summary()));
        }
        return "Usage: aisle <job> [options] [-- spark-submit options]\n\n" + jobs
                + "\naisle <job> --help lists the options of a job.\n"
                + "Exit codes: 0 done, 1 bad command line, 2 bad input or configuration, 3 a bug, 4 refused\n";
    }

    /** Spark wraps what a task throws; the user's message is inside. */
    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
