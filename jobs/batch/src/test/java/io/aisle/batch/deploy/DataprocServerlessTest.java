package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DataprocServerlessTest {
    @Test
    void runsAJobAsABatch() throws IOException {
        List<String> call = submit(List.of("--log-bucket", "shop-logs"), "classify", "--model", "gs://shop/models");

        assertThat(call.subList(0, 13))
                .containsExactly(
                        "gcloud",
                        "dataproc",
                        "batches",
                        "submit",
                        "spark",
                        "--region",
                        "europe-west1",
                        "--version",
                        "1.2",
                        "--jar",
                        "gs://shop/aisle/aisle.jar",
                        "--files",
                        "gs://shop/aisle/nightly.conf,gs://shop/aisle/log4j2-json.properties");
        ObjectNode batch = batch(call);
        assertThat(batch.at("/sparkBatch/args").toString())
                .isEqualTo("[\"classify\",\"--model\",\"gs://shop/models\"]");
        assertThat(batch.at("/environmentConfig/executionConfig/stagingBucket").asText())
                .isEqualTo("shop-logs");
        assertThat(batch.at("/runtimeConfig/properties")).isEqualTo(properties("batch.properties"));
    }

    @Test
    void scoresOnGpusInAnImageWithCuda() throws IOException {
        JsonNode batch = batch(submit(
                List.of("--gpu", "--container-image", "eu.example/aisle-gpu:1", "--conf", "spark.executor.cores=8"),
                "classify"));

        ObjectNode expected = properties("batch.properties");
        expected.setAll(properties("gpu.properties"));
        expected.put("spark.executor.cores", "8");
        assertThat(batch.at("/runtimeConfig/properties")).isEqualTo(expected);
        assertThat(batch.at("/runtimeConfig/containerImage").asText()).isEqualTo("eu.example/aisle-gpu:1");
    }

    @Test
    void trainsWithPyTorch() {
        assertThat(batch(submit(List.of(), "train"))
                        .at("/sparkBatch/jarFileUris")
                        .toString())
                .isEqualTo("[\"gs://shop/aisle/pytorch-native.jar\",\"gs://shop/aisle/pytorch-jni.jar\"]");
    }

    @Test
    void aMistakeInABatchDoesNotFitItsSchema() {
        ObjectNode batch = batch(submit(List.of(), "prepare"));
        ((ObjectNode) batch.get("runtimeConfig")).put("version", "2.2");

        assertThat(Schemas.violations("dataproc-batch", batch)).hasSize(1);
    }

    private static List<String> submit(List<String> options, String... job) {
        List<String> words =
                new ArrayList<>(List.of("--region", "europe-west1", "--artifacts", "gs://shop/aisle", "--dry-run"));
        words.addAll(options);
        words.add("--");
        words.addAll(List.of(job));
        return Script.run("dataproc-serverless/submit", words.toArray(String[]::new))
                .call();
    }

    /** The request that gcloud makes of the call, which fits its schema. */
    private static ObjectNode batch(List<String> call) {
        ObjectNode batch = JsonNodeFactory.instance.objectNode();
        ObjectNode spark = batch.putObject("sparkBatch");
        ObjectNode runtime = batch.putObject("runtimeConfig");
        int job = call.indexOf("--");
        for (int word = 5; word < job; word += 2) {
            String value = call.get(word + 1);
            switch (call.get(word)) {
                case "--region" -> assertThat(value).isEqualTo("europe-west1");
                case "--version" -> runtime.put("version", value);
                case "--container-image" -> runtime.put("containerImage", value);
                case "--jar" -> spark.put("mainJarFileUri", value);
                case "--jars" -> addAll(spark.putArray("jarFileUris"), value.split(",", -1));
                case "--files" -> addAll(spark.putArray("fileUris"), value.split(",", -1));
                case "--staging-bucket" ->
                    batch.putObject("environmentConfig")
                            .putObject("executionConfig")
                            .put("stagingBucket", value);
                case "--properties" -> {
                    assertThat(value).startsWith("^#^");
                    ObjectNode properties = runtime.putObject("properties");
                    for (String setting : value.substring(3).split("#", -1)) {
                        int equals = setting.indexOf('=');
                        properties.put(setting.substring(0, equals), setting.substring(equals + 1));
                    }
                }
                default -> throw new AssertionError(call.get(word));
            }
        }
        addAll(spark.putArray("args"), call.subList(job + 1, call.size()).toArray(String[]::new));
        Schemas.assertValid("dataproc-batch", batch);
        return batch;
    }

    private static void addAll(ArrayNode array, String... values) {
        List.of(values).forEach(array::add);
    }

    private static ObjectNode properties(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(
                Script.REPOSITORY.resolve("conf/dataproc-serverless").resolve(file))) {
            properties.load(in);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        properties.stringPropertyNames().forEach(key -> json.put(key, properties.getProperty(key)));
        return json;
    }
}
