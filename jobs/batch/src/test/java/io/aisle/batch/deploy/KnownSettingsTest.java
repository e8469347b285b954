package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitterFactory;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.internal.config.package$;
import org.apache.spark.sql.internal.SQLConf$;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A setting with a mistake in its name is ignored without a word: each has to be one that Spark, Hadoop or the cloud knows. */
class KnownSettingsTest {
    /** Families that Spark has no entry for. */
    private static final Pattern FAMILY = Pattern.compile("spark[.](yarn[.]appMasterEnv|executorEnv)[.][A-Z_]+"
            + "|spark[.](driver|executor)[.]resource[.]gpu[.](amount|discoveryScript)"
            + "|spark[.]task[.]resource[.]gpu[.]amount");

    /** Those of the clouds and of RAPIDS; docs/deploy.md names where they are documented. */
    private static final Set<String> CLOUDS = Set.of(
            "spark.emr-serverless.driverEnv.JAVA_HOME",
            "spark.dataproc.executor.compute.tier",
            "spark.dataproc.executor.disk.tier",
            "spark.dataproc.executor.resource.accelerator.type",
            "spark.rapids.sql.enabled",
            "spark.rapids.memory.gpu.pool");

    @BeforeAll
    static void loadsSparksEntries() {
        assertThat(package$.MODULE$.EXECUTOR_CORES().key()).isEqualTo("spark.executor.cores");
        assertThat(SQLConf$.MODULE$.FILE_COMMIT_PROTOCOL_CLASS().key())
                .isEqualTo("spark.sql.sources.commitProtocolClass");
    }

    @Test
    void aMistakeIsFound() {
        assertThat(isKnown("spark.executor.memoryOverhead")).isTrue();
        assertThat(isKnown("spark.executor.memoryoverhead")).isFalse();
        assertThat(isKnown("spark.hadoop.fs.s3a.committer.name")).isTrue();
        assertThat(isKnown("spark.hadoop.fs.s3a.commiter.name")).isFalse();
        assertThat(isKnown("spark.executor.resource.gpu.amounts")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conf/dataproc/spark.properties",
                "conf/dataproc/gpu.properties",
                "conf/dataproc-serverless/batch.properties",
                "conf/dataproc-serverless/gpu.properties"
            })
    void everySettingOfAPropertiesFileIsKnown(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Script.REPOSITORY.resolve(file))) {
            properties.load(in);
        }

        assertThat(properties.stringPropertyNames())
                .isNotEmpty()
                .allSatisfy(key -> assertThat(isKnown(key)).as(key).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"conf/emr/cluster.json", "conf/emr/cluster-gpu.json", "conf/emr-serverless/spark-defaults.json"})
    void everySettingOfAJsonFileIsKnown(String file) {
        List<String> keys = new ArrayList<>();
        for (JsonNode configuration : Schemas.read(file)) {
            JsonNode properties =
                    configuration.has("properties") ? configuration.get("properties") : configuration.get("Properties");
            properties.fieldNames().forEachRemaining(keys::add);
        }

        assertThat(keys)
                .filteredOn(key -> key.startsWith("spark."))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(isKnown(key)).as(key).isTrue());
        assertThat(keys)
                .filteredOn(key -> key.startsWith("yarn.") && !key.startsWith("yarn.scheduler.capacity."))
                .allSatisfy(key -> assertThat(isConstantOfYarn(key)).as(key).isTrue());
    }

    private static boolean isConstantOfYarn(String key) {
        return Arrays.stream(YarnConfiguration.class.getFields())
                .filter(field -> field.getType() == String.class)
                .anyMatch(field -> {
                    try {
                        return key.equals(field.get(null));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private static boolean isKnown(String key) {
        if (key.startsWith("spark.hadoop.")) {
            String name = key.substring("spark.hadoop.".length());
            String factory = PathOutputCommitterFactory.COMMITTER_FACTORY_SCHEME + "."; // one setting a scheme of a URI
            return name.startsWith(factory) || new JobConf().getRaw(name) != null;
        }
        return ConfigEntry.findEntry(key) != null
                || CLOUDS.contains(key)
                || FAMILY.matcher(key).matches();
    }
}
