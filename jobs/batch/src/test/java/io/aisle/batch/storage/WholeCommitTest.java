package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.UserException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeCommitTest {
    private final Configuration session = new Configuration(false);

    /** As spark-submit hands on the file that Aisle comes with. */
    @BeforeEach
    void readsTheDefaults() throws IOException {
        Properties defaults = new Properties();
        try (Reader in = Files.newBufferedReader(
                java.nio.file.Path.of("..", "..", "conf", "spark-defaults.conf"), StandardCharsets.UTF_8)) {
            defaults.load(in);
        }
        defaults.stringPropertyNames()
                .forEach(key -> session.set(key.replaceFirst("^spark\\.hadoop\\.", ""), defaults.getProperty(key)));
    }

    @Test
    void acceptsTheSettingsThatAisleComesWith() {
        assertThatCode(() -> WholeCommit.requireSettings(session, new Path("s3a://shop/out")))
                .doesNotThrowAnyException();
    }

    /** EMR's files, in the form of its API: a list of classifications with their properties. */
    @ParameterizedTest
    @ValueSource(strings = {"emr/cluster.json", "emr/cluster-gpu.json", "emr-serverless/spark-defaults.json"})
    void acceptsTheSettingsForEmr(String file) throws IOException {
        session.clear();
        JsonNode configurations = new ObjectMapper()
                .readTree(
                        java.nio.file.Path.of("..", "..", "conf").resolve(file).toFile());
        for (JsonNode properties :
                configurations.findValues(file.contains("serverless") ? "properties" : "Properties")) {
            properties
                    .fields()
                    .forEachRemaining(setting -> session.set(
                            setting.getKey().replaceFirst("^spark\\.hadoop\\.", ""),
                            setting.getValue().asText()));
        }

        assertThatCode(() -> WholeCommit.requireSettings(session, new Path("s3a://shop/out")))
                .doesNotThrowAnyException();
        assertThat(session.get("fs.s3a.committer.magic.enabled")).isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource({
        "spark.sql.sources.commitProtocolClass, org.apache.spark.internal.io.HadoopMapReduceCommitProtocol",
        "spark.sql.parquet.output.committer.class, org.apache.parquet.hadoop.ParquetOutputCommitter",
        "mapreduce.outputcommitter.factory.scheme.s3a, org.apache.hadoop.mapreduce.lib.output.FileOutputCommitterFactory",
        "fs.s3a.committer.name, file"
    })
    void refusesEachSettingByWhichSparkRenames(String key, String value) {
        session.set(key, value);

        assertThatThrownBy(() -> WholeCommit.requireSettings(session, new Path("s3a://shop/out")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write s3a://shop/out: found settings by which Spark renames what it wrote (" + key
                        + " = "
                        + value + "), expected one of the S3A committers, since S3 has no rename. Set what"
                        + " conf/spark-defaults.conf sets under \"S3\".");
    }

    @Test
    void namesEachSettingThatIsMissing() {
        assertThatThrownBy(() -> WholeCommit.requireSettings(new Configuration(false), new Path("s3a://shop/out")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "spark.sql.sources.commitProtocolClass = (not set);"
                                + " spark.sql.parquet.output.committer.class = (not set);"
                                + " mapreduce.outputcommitter.factory.scheme.s3a = (not set); fs.s3a.committer.name = (not set)");
    }
}
