package io.aisle.batch;

import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;

/**
 * What a running job has to hand.
 *
 * @param out where it tells its user what it did
 */
public record JobContext(SparkSession spark, PrintStream out) {

    /** One line to the user. */
    public void say(String format, Object... values) {
        out.println(values.length == 0 ? format : String.format(java.util.Locale.ROOT, format, values));
    }

    /** Names the step that the Spark jobs to come belong to, in the UI, the event log and the progress lines. */
    public void step(String name) {
        spark.sparkContext().setJobDescription(name);
    }
}
