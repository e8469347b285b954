package io.aisle.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
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

    @Test
    void bindsS3ToS3aWithItsCommitters() {
        Configuration hadoop = new Configuration(false);
        hadoop.set("mapreduce.outputcommitter.factory.scheme.s3a", "a factory");

        SparkSessions.bindS3(hadoop);

        for (String scheme : List.of("s3", "s3n")) {
            assertThat(hadoop.get("fs." + scheme + ".impl")).isEqualTo("org.apache.hadoop.fs.s3a.S3AFileSystem");
            assertThat(hadoop.get("mapreduce.outputcommitter.factory.scheme." + scheme))
                    .isEqualTo("a factory");
        }
    }

    @Test
    void leavesS3ToTheFileSystemThatTheClusterHasForIt() {
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.s3.impl", "com.example.ClusterFileSystem");
        hadoop.set("mapreduce.outputcommitter.factory.scheme.s3a", "a factory");

        SparkSessions.bindS3(hadoop);

        assertThat(hadoop.get("fs.s3.impl")).isEqualTo("com.example.ClusterFileSystem");
        assertThat(hadoop.get("mapreduce.outputcommitter.factory.scheme.s3")).isNull();
    }
}
