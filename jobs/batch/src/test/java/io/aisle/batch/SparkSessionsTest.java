package io.aisle.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SparkSessionsTest {
    /** Each of these changes rows where it is set otherwise. */
    private static final Map<String, String> MANDATORY = Map.of(
            "spark.sql.session.timeZone", "UTC",
            "spark.sql.ansi.enabled", "false",
            "spark.sql.caseSensitive", "true",
            "spark.sql.files.ignoreCorruptFiles", "false",
            "spark.sql.files.ignoreMissingFiles", "false");

    @Test
    void nobodyOverridesWhatRowsDependOn() {
        SparkSession session = TestSession.get();
        MANDATORY
                .keySet()
                .forEach(key -> session.conf().set(key, key.endsWith("timeZone") ? "Asia/Kathmandu" : "true"));
        session.conf().set("spark.sql.caseSensitive", "false");

        SparkSession opened = SparkSessions.open("test");

        MANDATORY.forEach(
                (key, value) -> assertThat(opened.conf().get(key)).as(key).isEqualTo(value));
        assertThat(opened).as("the session that is there is used").isSameAs(session);
    }
}
