package io.aisle.bench;

import io.aisle.batch.SparkSessions;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/** A session of this process, to write what is measured and to read what came of it. None runs while something is measured. */
final class LocalSpark {
    private LocalSpark() {}

    /** Does something with a session, and ends it. */
    static <T> T with(Function<SparkSession, T> work) {
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.driver.host", "127.0.0.1");
        System.setProperty("spark.driver.bindAddress", "127.0.0.1");
        System.setProperty("spark.sql.shuffle.partitions", "4");
        try (SparkSession session = SparkSessions.open("bench")) {
            session.sparkContext().setLogLevel("ERROR");
            return work.apply(session);
        }
    }
}
