package io.aisle.batch;

import io.aisle.batch.telemetry.JobLog;
import io.aisle.batch.telemetry.RunMeter;
import io.aisle.batch.telemetry.Step;
import io.aisle.batch.telemetry.TextTable;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;

/** What a running job has to hand: the session, a voice, and the meter of what it uses. */
public final class JobContext {
    private final SparkSession spark;
    private final JobLog log;
    private final RunMeter meter;

    public JobContext(SparkSession spark, JobLog log, RunMeter meter) {
        this.spark = spark;
        this.log = log;
        this.meter = meter;
    }

    /** For a job that says it does not run on Spark. */
    static JobContext withoutSpark(JobLog log) {
        return new JobContext(null, log, null);
    }

    public SparkSession spark() {
        return required(spark);
    }

    /** What the run has used so far. */
    public RunMeter meter() {
        return required(meter);
    }

    private static <T> T required(T ofSpark) {
        if (ofSpark == null) {
            throw new IllegalStateException("Cannot use Spark: found a job that says it does not run on it");
        }
        return ofSpark;
    }

    /** One line to the user. */
    public void say(String format, Object... values) {
        log.say(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    }

    /** One line to the user, with what it tells as fields, which only JSON shows apart. */
    public void say(String line, Map<String, ?> fields) {
        log.say(line, fields);
    }

    /** A table to the user; in JSON its rows are fields. */
    public void say(TextTable table) {
        log.say(table);
    }

    /** Names the step that the Spark jobs to come belong to, in the UI, the event log, the progress lines and the meter. */
    public void step(String name) {
        step(new Step(name, OptionalLong.empty(), false));
    }

    /**
     * The same, where it is known how many rows each long stage of the step is going to read or write, so that the time left is told by
     * rows and not by tasks.
     */
    public void step(String name, long expectedRows) {
        step(new Step(name, OptionalLong.of(expectedRows), false));
    }

    /** The same, where a task that is alone in its stage says itself how far it is, and nobody else has to. */
    public void stepWithSpeakingTask(String name) {
        step(new Step(name, OptionalLong.empty(), true));
    }

    private void step(Step step) {
        step.mark(spark().sparkContext());
        log.step(step.name());
        meter().begin(step.name());
    }
}
