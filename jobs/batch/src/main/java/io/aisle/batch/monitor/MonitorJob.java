package io.aisle.batch.monitor;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.profile.Profile;
import io.aisle.batch.report.Report;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.WrittenRun;
import io.aisle.core.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Whether a run is like another, or like the validation rows of a bundle.
 *
 * <p>Reads the predictions of one run or two, or the profile in a bundle. Writes {@code <output>/monitor.html} and {@code monitor.json}, and
 * one row to the history. Refuses runs that are unfinished, damaged or empty; with {@code --fail-on}, after all is written, a run with
 * findings.
 *
 * <p>One pass over each run without a shuffle, and one shuffle by id to tell which products moved.
 */
public final class MonitorJob implements Job {
    public static final Command COMMAND = new Command(
            "monitor",
            "Compares a run with another run or with what its model was validated on.",
            MonitorSettings.OPTIONS,
            settings -> new MonitorJob(MonitorSettings.read(settings)));

    private static final String NAME = "monitor";
    private static final int SENTENCES = 10;

    private final MonitorSettings settings;

    private MonitorJob(MonitorSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "read the predictions of the run " + settings.run(),
                "compare them with " + settings.baseline(),
                "write a report to " + settings.output() + ", and the run's row to "
                        + settings.history().orElse("the history in its output"));
    }

    @Override
    public void run(JobContext context) {
        SparkSession spark = context.spark();
        Directory output = Directory.of(spark, settings.output());
        if (!output.has(NAME + ".json")) {
            // a report is written over, so that a scheduler may try again
            output.requireAbsent("a report");
        }
        WrittenRun run = Baseline.run(spark, settings.run());
        Baseline baseline = Baseline.open(spark, run, settings.baseline());
        History history = new History(
                spark,
                settings.history()
                        .map(uri -> Directory.of(spark, uri))
                        .orElseGet(() -> Baseline.output(run).directory("history")));
        context.step("monitor: read the history");
        List<Map<String, Object>> others = history.others(run.runId());

        context.step("monitor: count", run.predictions());
        Dataset<Row> now = PredictionRows.read(spark, run);
        Optional<Dataset<Row>> before = baseline.run().map(written -> PredictionRows.read(spark, written));
        Profile profile = PredictionRows.profile(now);
        Profile profileBefore =
                before.map(PredictionRows::profile).or(baseline::profile).orElseThrow();
        Drift drift = Drift.of(profile, profileBefore, settings.thresholds(), before.isPresent());
        context.step("monitor: compare products");
        Optional<Flow> flow = before.map(rows -> Flow.of(now, rows));

        context.step("monitor: write");
        MonitorReport report = new MonitorReport(run, baseline, profile, profileBefore, drift);
        Row row = report.historyRow();
        Report.write(output, NAME, report.json(flow, History.with(others, row)));
        history.write(row);
        tell(context, run, baseline, drift);
        context.say("report: %s", output.child(NAME + ".html"));
        refuse(run, drift);
    }

    private static void tell(JobContext context, WrittenRun run, Baseline baseline, Drift drift) {
        List<Difference> findings = drift.findings();
        context.say(
                "run %s against %s: %s",
                run.runId(), baseline.name(), drift.level().key());
        findings.stream()
                .limit(SENTENCES)
                .forEach(finding -> context.say("  %s: %s", finding.level().key(), finding.sentence()));
        if (findings.size() > SENTENCES) {
            context.say("  and %,d more", findings.size() - SENTENCES);
        }
    }

    private void refuse(WrittenRun run, Drift drift) {
        List<Difference> refused = drift.findings().stream()
                .filter(finding -> settings.failOn()
                        .filter(least -> finding.level().compareTo(least) >= 0)
                        .isPresent())
                .toList();
        if (!refused.isEmpty()) {
            String more = refused.size() > SENTENCES ? "; and " + (refused.size() - SENTENCES) + " more" : "";
            throw new RefusedException("Cannot pass run " + run.runId() + ": found "
                    + refused.stream()
                            .limit(SENTENCES)
                            .map(Difference::sentence)
                            .collect(Collectors.joining("; "))
                    + more + "; expected no finding of level "
                    + settings.failOn().orElseThrow().key()
                    + " or worse. Look at " + settings.output() + "/" + NAME + ".html; if the run is right, go on"
                    + " without --fail-on, or raise the limits of monitor.");
        }
    }
}
