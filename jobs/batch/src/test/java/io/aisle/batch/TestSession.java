package io.aisle.batch;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of a test JVM: two threads, no UI, few shuffle partitions. It ends with the JVM. */
public final class TestSession {
    private static final SparkSession SESSION = SparkSessions.withMandatorySettings(
                    SparkSession.builder().appName("aisle-test").master("local[2]"))
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate();

    private TestSession() {}

    public static SparkSession get() {
        return SESSION;
    }
}
