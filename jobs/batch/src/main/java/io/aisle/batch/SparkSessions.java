package io.aisle.batch;

import org.apache.spark.sql.SparkSession;

/** The only place that builds a Spark session. The master comes from spark-submit, never from here. */
public final class SparkSessions {
    private SparkSessions() {}

    /**
     * A session with the settings that the jobs' results depend on, which nobody may override, and with defaults for the rest,
     * which {@code --conf} of spark-submit overrides.
     */
    public static SparkSession open(String applicationName) {
        return withMandatorySettings(SparkSession.builder().appName(applicationName))
                .getOrCreate();
    }

    /** Sets what results depend on: a corrupt file fails the job, times are UTC, and written files keep their schema's names. */
    static SparkSession.Builder withMandatorySettings(SparkSession.Builder builder) {
        return builder.config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.ansi.enabled", "false")
                .config("spark.sql.caseSensitive", "true")
                .config("spark.sql.files.ignoreCorruptFiles", "false")
                .config("spark.sql.files.ignoreMissingFiles", "false")
                .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
                // rows of one id beyond these leave the heap, so that long texts that share an id cannot fill it
                .config("spark.sql.windowExec.buffer.in.memory.threshold", "64")
                .config("spark.sql.parquet.compression.codec", "zstd");
    }
}
