package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmrServerlessTest {
    @Test
    void createsTheApplication() {
        assertThat(Script.run("emr-serverless/create-application", "--dry-run", "--", "--name", "other")
                        .call())
                .containsExactly(
                        "aws",
                        "emr-serverless",
                        "create-application",
                        "--cli-input-json",
                        "file://" + Script.REPOSITORY.resolve("conf/emr-serverless/application.json"),
                        "--output",
                        "text",
                        "--query",
                        "applicationId",
                        "--name",
                        "other");
    }

    @Test
    void startsAJob() {
        JsonNode run = jobRun(submit(
                List.of("--conf", "spark.executor.cores=8", "--conf", "spark.executor.memory=20g"),
                "classify",
                "--model",
                "s3a://shop/models"));

        assertThat(run.get("applicationId").asText()).isEqualTo("00f1");
        assertThat(run.get("executionRoleArn").asText()).isEqualTo("arn:aws:iam::111122223333:role/aisle");
        assertThat(run.get("name").asText()).isEqualTo("aisle classify");
        assertThat(run.at("/jobDriver/sparkSubmit/entryPoint").asText()).isEqualTo("s3://shop/aisle/aisle.jar");
        assertThat(run.at("/jobDriver/sparkSubmit/entryPointArguments").toString())
                .isEqualTo("[\"classify\",\"--model\",\"s3a://shop/models\"]");
        assertThat(run.at("/jobDriver/sparkSubmit/sparkSubmitParameters").asText())
                .isEqualTo(
                        "--class io.aisle.batch.Main --conf spark.executor.cores=8 --conf spark.executor.memory=20g");
        assertThat(run.at("/configurationOverrides/applicationConfiguration"))
                .isEqualTo(Schemas.read("conf/emr-serverless/spark-defaults.json"));
        assertThat(run.at("/configurationOverrides/monitoringConfiguration").toString())
                .isEqualTo("{\"s3MonitoringConfiguration\":{\"logUri\":\"s3://shop/logs/\"}}");
    }

    @Test
    void trainsWithPyTorch() {
        assertThat(jobRun(submit(List.of(), "train", "--data", "s3a://shop/prepared"))
                        .at("/jobDriver/sparkSubmit/sparkSubmitParameters")
                        .asText())
                .isEqualTo("--class io.aisle.batch.Main --jars"
                        + " s3://shop/aisle/pytorch-native.jar,s3://shop/aisle/pytorch-jni.jar");
    }

    @Test
    void aMistakeInARunDoesNotFitItsSchema() {
        ObjectNode run = jobRun(submit(List.of(), "prepare"));
        ((ObjectNode) run.at("/jobDriver/sparkSubmit")).put("entrypoint", "s3://shop/aisle.jar");

        assertThat(Schemas.violations("emr-serverless-job-run", run)).hasSize(1);
    }

    private static List<String> submit(List<String> options, String... job) {
        List<String> words = new ArrayList<>(List.of(
                "--application",
                "00f1",
                "--role",
                "arn:aws:iam::111122223333:role/aisle",
                "--artifacts",
                "s3://shop/aisle",
                "--log-uri",
                "s3://shop/logs",
                "--dry-run"));
        words.addAll(options);
        words.add("--");
        words.addAll(List.of(job));
        return Script.run("emr-serverless/submit", words.toArray(String[]::new)).call();
    }

    /** The request that the call stands for, which fits its schema. */
    private static ObjectNode jobRun(List<String> call) {
        assertThat(call).startsWith("aws", "emr-serverless", "start-job-run").hasSize(17);
        ObjectNode run = JsonNodeFactory.instance.objectNode();
        for (int word = 3; word < call.size(); word += 2) {
            String value = call.get(word + 1);
            switch (call.get(word)) {
                case "--application-id" -> run.put("applicationId", value);
                case "--execution-role-arn" -> run.put("executionRoleArn", value);
                case "--name" -> run.put("name", value);
                case "--job-driver" -> run.set("jobDriver", Schemas.parse(value));
                case "--configuration-overrides" -> run.set("configurationOverrides", Schemas.parse(value));
                case "--output" -> assertThat(value).isEqualTo("text");
                case "--query" -> assertThat(value).isEqualTo("jobRunId");
                default -> throw new AssertionError(call.get(word));
            }
        }
        Schemas.assertValid("emr-serverless-job-run", run);
        return run;
    }
}
