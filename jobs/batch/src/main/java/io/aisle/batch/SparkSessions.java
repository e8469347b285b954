package io.aisle.batch;

import io.aisle.batch.gpu.GpuRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The only place that builds a Spark session. The master comes from spark-submit, never from here. */
public final class SparkSessions {
    private static final String S3A = "org.apache.hadoop.fs.s3a.S3AFileSystem";
    private static final String COMMITTER_FACTORY = "mapreduce.outputcommitter.factory.scheme.";

    private static final Pattern LOCAL_MASTER = Pattern.compile("local(\\[.*])?");

    private SparkSessions() {}

    /**
     * A session with the settings that the jobs' results depend on, which nobody may override, and with defaults for the rest,
     * which {@code --conf} of spark-submit overrides.
     */
    public static SparkSession open(String applicationName) {
        SparkSession session = withMandatorySettings(
                        withoutLocalGpus(SparkSession.builder().appName(applicationName)))
                .getOrCreate();
        bindS3(session.sparkContext().hadoopConfiguration());
        return session;
    }

    /** Under a local master nobody offers GPUs to Spark: a task that it is told to give one to would wait for ever. */
    private static SparkSession.Builder withoutLocalGpus(SparkSession.Builder builder) {
        SparkConf given = new SparkConf();
        List<String> gpuSettings = GpuRequest.settings(given);
        if (gpuSettings.isEmpty()
                || !LOCAL_MASTER.matcher(given.get("spark.master", "")).matches()) {
            return builder;
        }
        // where spark-submit leaves its settings, and where the session takes them from
        gpuSettings.forEach(System::clearProperty);
        return GpuRequest.isAsked(given) ? builder.config(GpuRequest.LOCAL, true) : builder;
    }

    /** Reads and writes {@code s3:} as {@code s3a:}, but where the cluster has a file system of its own for it, as EMR does. */
    static void bindS3(Configuration hadoop) {
        for (String scheme : List.of("s3", "s3n")) {
            if (hadoop.get("fs." + scheme + ".impl") == null) {
                hadoop.set("fs." + scheme + ".impl", S3A);
            }
            String committerFactory = hadoop.get(COMMITTER_FACTORY + "s3a");
            if (S3A.equals(hadoop.get("fs." + scheme + ".impl")) && committerFactory != null) {
                hadoop.setIfUnset(COMMITTER_FACTORY + scheme, committerFactory);
            }
        }
    }

    /** Sets what results depend on: a corrupt file fails the job, times are UTC, and written files keep their schema's names. */
    static SparkSession.Builder withMandatorySettings(SparkSession.Builder builder) {
        return builder.config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.ansi.enabled", "false")
                .config("spark.sql.caseSensitive", "true")
                .config("spark.sql.files.ignoreCorruptFiles", "false")
                .config("spark.sql.files.ignoreMissingFiles", "false")
                .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
                // a time in nanoseconds, as pandas writes it, is no reason to refuse a file of which it is one column
                .config("spark.sql.legacy.parquet.nanosAsLong", "true")
                // what is kept lies in the partitions that it was shuffled to, which a join by the same column needs
                // not do again
                .config("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "false")
                // rows of one id beyond these leave the heap, so that long texts that share an id cannot fill it
                .config("spark.sql.windowExec.buffer.in.memory.threshold", "64")
                .config("spark.sql.parquet.compression.codec", "zstd");
    }
}
