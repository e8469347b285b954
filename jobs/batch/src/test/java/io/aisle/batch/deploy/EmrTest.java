package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmrTest {
    private static final String CONF = Script.REPOSITORY.resolve("conf/emr").toString();

    @Test
    void createsAClusterThatEndsItself() {
        assertThat(Script.run(
                                "emr/create-cluster",
                                "--artifacts",
                                "s3://shop/aisle/",
                                "--log-uri",
                                "s3://shop/logs",
                                "--dry-run")
                        .call())
                .containsExactly(
                        "aws",
                        "emr",
                        "create-cluster",
                        "--name",
                        "aisle",
                        "--release-label",
                        "emr-7.10.0",
                        "--applications",
                        "Name=Hadoop",
                        "Name=Spark",
                        "--service-role",
                        "EMR_DefaultRole",
                        "--ec2-attributes",
                        "InstanceProfile=EMR_EC2_DefaultRole",
                        "--log-uri",
                        "s3://shop/logs/",
                        "--instance-groups",
                        "InstanceGroupType=MASTER,InstanceCount=1,InstanceType=m6i.xlarge",
                        "InstanceGroupType=CORE,InstanceCount=2,InstanceType=m6i.2xlarge",
                        "--configurations",
                        "file://" + CONF + "/cluster.json",
                        "--auto-termination-policy",
                        "IdleTimeout=3600",
                        "--output",
                        "text",
                        "--query",
                        "ClusterId");
    }

    @Test
    void createsAClusterWithGpus() {
        List<String> call = Script.run(
                        "emr/create-cluster",
                        "--artifacts",
                        "s3://shop/aisle",
                        "--log-uri",
                        "s3://shop/logs",
                        "--gpu",
                        "--workers",
                        "5",
                        "--subnet",
                        "subnet-1",
                        "--service-role",
                        "Emr",
                        "--instance-profile",
                        "Nodes",
                        "--dry-run",
                        "--",
                        "--tags",
                        "team=search and more")
                .call();

        assertThat(call)
                .containsSequence(
                        "--service-role", "Emr", "--ec2-attributes", "InstanceProfile=Nodes,SubnetId=subnet-1")
                .containsSequence(
                        "InstanceGroupType=CORE,InstanceCount=5,InstanceType=g4dn.2xlarge",
                        "--configurations",
                        "file://" + CONF + "/cluster-gpu.json",
                        "--bootstrap-actions",
                        "Name=GPU,Path=s3://shop/aisle/gpu-emr-7.10.0.sh")
                .endsWith("--tags", "team=search and more");
    }

    @Test
    void everythingIsPinnedToOneRelease() {
        String release = Schemas.read("conf/emr-serverless/application.json")
                .get("releaseLabel")
                .asText();

        assertThat(release).isEqualTo("emr-7.10.0");
        assertThat(Script.REPOSITORY.resolve("conf/emr/gpu-" + release + ".sh")).isRegularFile();
    }

    @Test
    void addsAJobAsAStep() {
        List<String> call = submit(List.of(), "classify", "--model", "s3a://shop/models", "--run-id", "2026-11-20");

        assertThat(call.subList(0, call.size() - 1))
                .containsExactly(
                        "aws",
                        "emr",
                        "add-steps",
                        "--cluster-id",
                        "j-1ABC",
                        "--output",
                        "text",
                        "--query",
                        "StepIds[0]",
                        "--steps");
        JsonNode step = step(call);
        assertThat(step.get("Type").asText()).isEqualTo("CUSTOM_JAR");
        assertThat(step.get("Jar").asText()).isEqualTo("command-runner.jar");
        assertThat(step.get("Name").asText()).isEqualTo("aisle classify");
        assertThat(step.get("ActionOnFailure").asText()).isEqualTo("CONTINUE");
        assertThat(arguments(step))
                .containsExactly(
                        "spark-submit",
                        "--deploy-mode",
                        "cluster",
                        "--files",
                        "s3://shop/aisle/nightly.conf,s3://shop/aisle/log4j2-json.properties",
                        "--class",
                        "io.aisle.batch.Main",
                        "s3://shop/aisle/aisle.jar",
                        "classify",
                        "--model",
                        "s3a://shop/models",
                        "--run-id",
                        "2026-11-20");
    }

    @Test
    void scoresOnGpusOfTheExecutors() {
        List<String> arguments = arguments(step(
                submit(List.of("--gpu", "--conf", "spark.executor.cores=2"), "classify", "--model", "s3a://shop/m")));

        assertThat(arguments)
                .containsSequence(
                        "--files",
                        "s3://shop/aisle/nightly.conf,s3://shop/aisle/log4j2-json.properties,s3://shop/aisle/discover-gpus")
                .containsSequence(
                        "--conf",
                        "spark.executor.resource.gpu.amount=1",
                        "--conf",
                        "spark.executor.resource.gpu.discoveryScript=./discover-gpus",
                        "--conf",
                        "spark.executor.cores=4",
                        "--conf",
                        "spark.task.resource.gpu.amount=0.25",
                        // the user's own goes last, and so wins
                        "--conf",
                        "spark.executor.cores=2",
                        "--class")
                .doesNotContain("--jars");
    }

    @Test
    void trainsOnAGpuOfAnExecutor() {
        List<String> arguments = arguments(step(submit(List.of("--gpu"), "train", "--data", "s3a://shop/prepared")));

        assertThat(arguments)
                .containsSequence(
                        "--jars", "s3://shop/aisle/pytorch-native.jar,s3://shop/aisle/pytorch-jni.jar", "--conf")
                .contains("spark.executor.resource.gpu.amount=1")
                .noneMatch(word -> word.startsWith("spark.driver."));
    }

    private static List<String> submit(List<String> options, String... job) {
        List<String> words =
                new ArrayList<>(List.of("--cluster", "j-1ABC", "--artifacts", "s3://shop/aisle", "--dry-run"));
        words.addAll(options);
        words.add("--");
        words.addAll(List.of(job));
        return Script.run("emr/submit", words.toArray(String[]::new)).call();
    }

    private static JsonNode step(List<String> call) {
        JsonNode steps = Schemas.parse(call.get(call.size() - 1));
        Schemas.assertValid("emr-steps", steps);
        assertThat(steps).hasSize(1);
        return steps.get(0);
    }

    private static List<String> arguments(JsonNode step) {
        List<String> arguments = new ArrayList<>();
        step.get("Args").forEach(argument -> arguments.add(argument.asText()));
        return arguments;
    }
}
