package io.aisle.batch.doctor;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.core.UserException;
import io.aisle.core.settings.CommandOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a machine or a cluster before a job, with the options that the job will get, none of which is needed.
 *
 * <p>Reads places and the bundle. Writes nothing that stays: probes are written under new names and removed. Every check runs, whatever
 * the others find; a check that fails refuses the whole at the end. A few tiny Spark jobs.
 */
public final class DoctorJob implements Job {
    private static final Logger LOG = LoggerFactory.getLogger(DoctorJob.class);
    private static final String NAME = "doctor";
    private static final String DEFAULT_JOB = "classify";
    private static final List<Check> CHECKS = List.of(
            new SettingsCheck(),
            new ExecutorsCheck(),
            new JavaCheck(),
            new VersionsCheck(),
            new NativesCheck(),
            new DuplicatesCheck(),
            new OpenFilesCheck(),
            new StorageCheck(),
            new CommitterCheck(),
            new CredentialsCheck(),
            new ClockCheck(),
            new TemporarySpaceCheck(),
            new MemoryCheck(),
            new PyTorchCheck(),
            new GpuCheck(),
            new ModelCheck(),
            new ParityCheck());

    private final DoctorSettings settings;

    private DoctorJob(DoctorSettings settings) {
        this.settings = settings;
    }

    /** {@code doctor JOB} for each of the jobs, with its options, and {@code doctor} alone for {@value #DEFAULT_JOB}. */
    public static List<Command> commands(List<Command> jobs) {
        List<Command> commands = new ArrayList<>();
        for (Command job : jobs) {
            if (job.name().equals(DEFAULT_JOB)) {
                commands.add(
                        command(NAME, "Looks at a machine or cluster before a job: doctor [JOB] [its options].", job));
            }
            commands.add(
                    command(NAME + " " + job.name(), "Looks at a machine or cluster before " + job.name() + ".", job));
        }
        return commands;
    }

    private static Command command(String name, String summary, Command job) {
        return new Command(
                name,
                summary,
                job.options().stream().map(CommandOption::asOptional).toList(),
                settings -> new DoctorJob(DoctorSettings.read(job, settings)));
    }

    @Override
    public List<String> plan() {
        return CHECKS.stream()
                .map(check -> "look at " + check.name() + ": " + check.subject())
                .toList();
    }

    @Override
    public void run(JobContext context) {
        Examination examination = new Examination(context.spark(), settings);
        List<Finding> findings = new ArrayList<>();
        for (Check check : CHECKS) {
            context.step("doctor: " + check.name());
            for (Finding finding : look(check, examination)) {
                tell(context, finding);
                findings.add(finding);
                if (finding.verdict() == Verdict.FAIL) {
                    examination.noteFailed(check.name());
                }
            }
        }
        conclude(context, findings);
    }

    private static List<Finding> look(Check check, Examination examination) {
        try {
            return check.look(examination);
        } catch (RuntimeException | LinkageError e) {
            return List.of(Finding.mendable(e)
                    .map(refused -> Finding.fail(check.name(), refused, "See docs/doctor.md."))
                    .orElseGet(() -> undecided(check, e)));
        }
    }

    private static Finding undecided(Check check, Throwable e) {
        LOG.warn("Could not decide {}", check.name(), e);
        return Finding.warn(
                check.name(),
                "could not be decided: " + e,
                "Look at it by hand, and report it with the stack trace in the log: Aisle did not foresee this.");
    }

    private static void tell(JobContext context, Finding finding) {
        String verdict = finding.verdict().name().toLowerCase(Locale.ROOT);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", finding.name());
        fields.put("verdict", verdict);
        fields.put("found", finding.found());
        fields.put("remedy", finding.remedy());
        String line = String.format(Locale.ROOT, "%-4s  %-24s  %s", verdict, finding.name(), finding.found());
        context.say(finding.remedy().isEmpty() ? line : line + "\n" + " ".repeat(32) + "→ " + finding.remedy(), fields);
    }

    private void conclude(JobContext context, List<Finding> findings) {
        context.say(
                "%d ok, %d warn, %d fail, %d skipped",
                count(findings, Verdict.OK),
                count(findings, Verdict.WARN),
                count(findings, Verdict.FAIL),
                count(findings, Verdict.SKIP));
        List<String> failed = findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAIL)
                .map(Finding::name)
                .toList();
        if (!failed.isEmpty()) {
            throw new UserException("Cannot recommend to run " + settings.job() + ": found " + failed.size()
                    + (failed.size() == 1 ? " check that fails (" : " checks that fail (") + String.join(", ", failed)
                    + "), expected none. Do what stands below each (→), and run the doctor again.");
        }
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }
}
