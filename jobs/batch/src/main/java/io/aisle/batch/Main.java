package io.aisle.batch;

import io.aisle.batch.Job.Command;
import io.aisle.batch.classify.ClassifyJob;
import io.aisle.batch.doctor.DoctorJob;
import io.aisle.batch.evaluate.EvaluateJob;
import io.aisle.batch.explore.ExploreJob;
import io.aisle.batch.generate.GenerateJob;
import io.aisle.batch.gpu.GpuRequest;
import io.aisle.batch.monitor.MonitorJob;
import io.aisle.batch.plan.PlanJob;
import io.aisle.batch.prepare.PrepareJob;
import io.aisle.batch.promote.PromoteJob;
import io.aisle.batch.promote.RollbackJob;
import io.aisle.batch.telemetry.JobLog;
import io.aisle.batch.telemetry.ProgressLines;
import io.aisle.batch.telemetry.RunMeter;
import io.aisle.batch.telemetry.Step;
import io.aisle.batch.train.PretrainJob;
import io.aisle.batch.train.QuantizeJob;
import io.aisle.batch.train.TrainJob;
import io.aisle.batch.train.compare.CompareJob;
import io.aisle.core.settings.CommandLine;
import io.aisle.core.settings.Settings;
import io.aisle.core.settings.Suggestion;
import io.aisle.core.settings.UsageException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * The one entry point of the Spark jobs: dispatches, turns failures into messages and exit codes, and is the only place that ends
 * the process.
 *
 * <p>Exit codes: 0 done · 1 bad command line · 2 bad input or configuration · 3 a bug · 4 refused by a gate, or another run
 * published.
 */
public final class Main {
    private static final List<Command> JOBS = List.of(
            GenerateJob.COMMAND,
            ExploreJob.COMMAND,
            PrepareJob.COMMAND,
            PretrainJob.COMMAND,
            TrainJob.COMMAND,
            CompareJob.COMMAND,
            QuantizeJob.COMMAND,
            EvaluateJob.COMMAND,
            PromoteJob.COMMAND,
            RollbackJob.COMMAND,
            ClassifyJob.COMMAND,
            MonitorJob.COMMAND);
    static final List<Command> COMMANDS = Stream.of(
                    JOBS.stream(), Stream.of(PlanJob.COMMAND), DoctorJob.commands(JOBS).stream())
            .flatMap(commands -> commands)
            .toList();

    private Main() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        JobLog log = new JobLog(out, err, Clock.systemUTC());
        StopNotice notice = StopNotice.start(log);
        Optional<Failure> failure = attempt(COMMANDS, List.of(arguments), out, log);
        if (notice.cancel()) {
            failure.ifPresent(what -> {
                what.tell(log);
                System.exit(what.exitCode());
            });
        }
    }

    /** Runs a command line against the jobs given; returns its exit code. */
    static int run(List<Command> commands, List<String> arguments, PrintStream out, PrintStream err) {
        JobLog log = new JobLog(out, err, Clock.systemUTC());
        Optional<Failure> failure = attempt(commands, arguments, out, log);
        failure.ifPresent(what -> what.tell(log));
        return failure.map(Failure::exitCode).orElse(0);
    }

    private static Optional<Failure> attempt(
            List<Command> commands, List<String> arguments, PrintStream out, JobLog log) {
        try {
            dispatch(commands, arguments, out, log);
            return Optional.empty();
        } catch (Throwable e) {
            // also Errors and what Spark throws unchecked: a process that dies of them would exit with 1
            return Optional.of(Failure.of(e));
        }
    }

    private static void dispatch(List<Command> commands, List<String> arguments, PrintStream out, JobLog log) {
        if (arguments.isEmpty()
                || arguments.get(0).equals("--help")
                || arguments.get(0).equals("help")) {
            out.print(usage(commands));
            return;
        }
        Command command = command(commands, arguments);
        List<String> options = arguments.subList(words(command.name()), arguments.size());
        String program = "aisle " + command.name();
        if (options.contains("--help")) {
            out.print(CommandLine.usage(program, command.summary(), command.options()) + "\n");
            return;
        }
        CommandLine commandLine = CommandLine.parse(program, command.options(), options);
        Settings settings = commandLine.settings();
        RunSettings runSettings = RunSettings.read(settings);
        log.begin(runSettings.logFormat(), command.name());
        Job job = command.configure().apply(settings);
        settings.check();
        if (commandLine.isDryRun()) {
            settings.resolved().forEach(line -> out.print(line + "\n"));
            out.print("\n");
            job.plan().forEach(step -> out.print("would " + Settings.withoutCredentials(step) + "\n"));
            return;
        }
        if (job.isOnSpark()) {
            runOnSpark(program, job, runSettings, log);
        } else {
            job.run(JobContext.withoutSpark(log));
        }
    }

    private static void runOnSpark(String program, Job job, RunSettings settings, JobLog log) {
        boolean isBorrowed = SparkSession.getActiveSession().isDefined()
                || SparkSession.getDefaultSession().isDefined();
        SparkSession spark = SparkSessions.open(program);
        log.application(spark.sparkContext().applicationId());
        if (spark.sparkContext().getConf().contains(GpuRequest.LOCAL)) {
            log.say(
                    "took Spark's GPU settings away, since under a local master it would wait for them for ever; this process"
                            + " uses its first GPU");
        }
        RunMeter meter = new RunMeter(spark.sparkContext(), settings.pricePerHour());
        ProgressLines progress = ProgressLines.start(spark.sparkContext(), log);
        try {
            job.run(new JobContext(spark, log, meter));
        } finally {
            progress.close();
            meter.stop();
            Step.NONE.mark(spark.sparkContext());
            if (!isBorrowed) {
                spark.stop();
            }
        }
    }

    /** The job that the first word names, or the first two: doctor takes the name of a job after its own. */
    private static Command command(List<Command> commands, List<String> arguments) {
        String first = arguments.get(0);
        boolean hasSecond = arguments.size() > 1
                && !arguments.get(1).startsWith("-")
                && commands.stream().anyMatch(command -> command.name().startsWith(first + " "));
        String name = hasSecond ? first + " " + arguments.get(1) : first;
        List<String> names = commands.stream()
                .map(Command::name)
                .filter(known -> words(known) == words(name))
                .toList();
        return commands.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("Cannot run job " + name + ": found no such job, expected one of "
                        + String.join(", ", names) + Suggestion.of(name, names)));
    }

    private static int words(String name) {
        return name.split(" ", -1).length;
    }

    private static String usage(List<Command> commands) {
        StringBuilder jobs = new StringBuilder();
        for (Command command : commands) {
            if (words(command.name()) == 1) {
                jobs.append(String.format(Locale.ROOT, "  %-10s %s\n", command.name(), command.summary()));
            }
        }
        return "Usage: aisle <job> [options] [-- spark-submit options]\n\n" + jobs
                + "\nWithout Spark, by scripts/aisle:\n  serve      Answers over HTTP, with a page, and takes corrections.\n"
                + "  api-key    Makes an API key of the service.\n"
                + "\naisle <job> --help lists the options of a job.\n"
                + "Exit codes: 0 done, 1 bad command line, 2 bad input or configuration, 3 a bug, 4 refused\n";
    }
}
