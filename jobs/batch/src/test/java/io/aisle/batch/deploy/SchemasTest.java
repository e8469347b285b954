package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {
    @ParameterizedTest
    @CsvSource({
        "conf/emr/cluster.json, emr-configurations",
        "conf/emr/cluster-gpu.json, emr-configurations",
        "conf/emr-serverless/application.json, emr-serverless-application"
    })
    void everyJsonThatIsSentAsItIsFitsItsSchema(String file, String schema) {
        Schemas.assertValid(schema, Schemas.read(file));
    }

    /** {@code /} in front stands for a field to add, {@code -} for one to remove, else the field gets the value. */
    @ParameterizedTest
    @CsvSource({
        "conf/emr/cluster.json, emr-configurations, /0, /Propertys, {}",
        "conf/emr/cluster.json, emr-configurations, /0, -Properties, {}",
        "conf/emr/cluster.json, emr-configurations, /0, Classification, '\"spark-default\"'",
        "conf/emr/cluster.json, emr-configurations, /0/Properties, /spark.executor.cores, 4",
        "conf/emr/cluster-gpu.json, emr-configurations, /3/Configurations/0/Properties, /module.enabled, true",
        "conf/emr-serverless/application.json, emr-serverless-application, '', releaseLabel, '\"7.10.0\"'",
        "conf/emr-serverless/application.json, emr-serverless-application, '', architecture, '\"x86_64\"'",
        "conf/emr-serverless/application.json, emr-serverless-application, /maximumCapacity, disk, '\"420\"'",
        "conf/emr-serverless/application.json, emr-serverless-application, '', /release, '\"emr-7.10.0\"'"
    })
    void aMistakeDoesNotFit(String file, String schema, String pointer, String field, String value) {
        JsonNode json = Schemas.read(file);
        ObjectNode changed = (ObjectNode) json.at(pointer);
        if (field.startsWith("-")) {
            changed.remove(field.substring(1));
        } else {
            changed.set(field.replaceFirst("^/", ""), Schemas.parse(value));
        }

        assertThat(Schemas.violations(schema, json)).isNotEmpty();
    }

    @Test
    void aClusterWithGpusGetsWhatOthersGet() {
        ArrayNode plain = (ArrayNode) Schemas.read("conf/emr/cluster.json");
        JsonNode sparkDefaults = sparkDefaults((ArrayNode) Schemas.read("conf/emr/cluster-gpu.json"));

        sparkDefaults(plain)
                .fields()
                .forEachRemaining(setting -> assertThat(sparkDefaults.get(setting.getKey()))
                        .as(setting.getKey())
                        .isEqualTo(setting.getValue()));
    }

    private static JsonNode sparkDefaults(ArrayNode configurations) {
        for (JsonNode configuration : configurations) {
            if (configuration.get("Classification").asText().equals("spark-defaults")) {
                return configuration.get("Properties");
            }
        }
        throw new AssertionError("no spark-defaults in " + configurations);
    }
}
