package io.aisle.batch.telemetry;

import java.util.OptionalLong;
import java.util.Properties;
import org.apache.spark.SparkContext;

/**
 * A step of a job. It travels with each Spark job as a local property, so that listeners find it again at every stage.
 *
 * @param name empty before the first step
 * @param expectedRows that each long stage of the step is going to read or write, where the job knows
 * @param hasSpeakingTask whether a stage of a single task is not told of, since that task says itself how far it is
 */
public record Step(String name, OptionalLong expectedRows, boolean hasSpeakingTask) {
    public static final Step NONE = new Step("", OptionalLong.empty(), false);
    // not only the description, which Spark SQL replaces for some of its own jobs
    private static final String NAME = "aisle.step";
    private static final String EXPECTED_ROWS = "aisle.step.expected-rows";
    private static final String SPEAKING_TASK = "aisle.step.speaking-task";

    /** The step of the properties that a stage was submitted with, which may be null. */
    static Step of(Properties properties) {
        String name = properties == null ? null : properties.getProperty(NAME);
        if (name == null) {
            return NONE;
        }
        String rows = properties.getProperty(EXPECTED_ROWS);
        return new Step(
                name,
                rows == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(rows)),
                properties.getProperty(SPEAKING_TASK) != null);
    }

    /** Marks the Spark jobs that this thread starts from now on. */
    public void mark(SparkContext spark) {
        spark.setJobDescription(name.isEmpty() ? null : name);
        spark.setLocalProperty(NAME, name.isEmpty() ? null : name);
        spark.setLocalProperty(EXPECTED_ROWS, expectedRows.isEmpty() ? null : Long.toString(expectedRows.getAsLong()));
        spark.setLocalProperty(SPEAKING_TASK, hasSpeakingTask ? "true" : null);
    }
}
