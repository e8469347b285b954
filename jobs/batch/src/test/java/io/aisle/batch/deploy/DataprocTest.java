package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataprocTest {
    private static final String CONF =
            Script.REPOSITORY.resolve("conf/dataproc").toString();

    @Test
    void createsAClusterThatDeletesItself() {
        assertThat(create().call())
                .containsExactly(
                        "gcloud",
                        "dataproc",
                        "clusters",
                        "create",
                        "night",
                        "--region",
                        "europe-west1",
                        "--image-version",
                        "2.2-debian12",
                        "--master-machine-type",
                        "n2-standard-4",
                        "--num-workers",
                        "2",
                        "--worker-machine-type",
                        "n2-standard-8",
                        "--initialization-actions",
                        "gs://shop/aisle/java-17.sh",
                        "--delete-max-idle",
                        "1h",
                        "--properties",
                        "dataproc:dataproc.logging.stackdriver.job.yarn.container.enable=true");
    }

    @Test
    void createsAClusterWithGpus() {
        assertThat(create("--gpu", "--log-bucket", "shop-logs", "--workers", "5", "--", "--labels", "team=search")
                        .call())
                .containsSequence(
                        "--num-workers",
                        "5",
                        "--worker-machine-type",
                        "n1-standard-8",
                        "--initialization-actions",
                        "gs://shop/aisle/java-17.sh,gs://shop/aisle/install_gpu_driver.sh",
                        "--delete-max-idle",
                        "1h",
                        "--properties",
                        "dataproc:dataproc.logging.stackdriver.job.yarn.container.enable=true",
                        "--bucket",
                        "shop-logs",
                        "--worker-accelerator",
                        "type=nvidia-tesla-t4,count=1",
                        "--metadata",
                        "cuda-version=12.4,cudnn-version=9.1.0.70",
                        "--initialization-action-timeout",
                        "40m",
                        "--no-shielded-secure-boot",
                        "--labels",
                        "team=search");
    }

    @Test
    void runsAJob() {
        assertThat(submit(List.of(), "classify", "--model", "gs://shop/models"))
                .containsExactly(
                        "gcloud",
                        "dataproc",
                        "jobs",
                        "submit",
                        "spark",
                        "--cluster",
                        "night",
                        "--region",
                        "europe-west1",
                        "--jar",
                        "gs://shop/aisle/aisle.jar",
                        "--files",
                        "gs://shop/aisle/nightly.conf,gs://shop/aisle/log4j2-json.properties",
                        "--properties-file",
                        CONF + "/spark.properties",
                        "--",
                        "classify",
                        "--model",
                        "gs://shop/models");
    }

    @Test
    void scoresOnGpusOfTheExecutors() {
        assertThat(submit(List.of("--gpu", "--conf", "spark.executor.cores=2"), "classify"))
                .containsSequence(
                        "--files",
                        "gs://shop/aisle/nightly.conf,gs://shop/aisle/log4j2-json.properties,gs://shop/aisle/discover-gpus",
                        "--properties-file",
                        CONF + "/spark.properties",
                        "--properties",
                        "^#^spark.executor.resource.gpu.amount=1"
                                + "#spark.executor.resource.gpu.discoveryScript=./discover-gpus"
                                + "#spark.executor.cores=4#spark.task.resource.gpu.amount=0.25"
                                + "#spark.rapids.sql.enabled=false#spark.rapids.memory.gpu.pool=NONE"
                                + "#spark.executor.cores=2",
                        "--",
                        "classify");
    }

    @Test
    void trainsOnAGpuOfAnExecutor() {
        assertThat(submit(List.of("--gpu"), "train"))
                .containsSequence(
                        "--jars",
                        "gs://shop/aisle/pytorch-native.jar,gs://shop/aisle/pytorch-jni.jar",
                        "--properties",
                        "^#^spark.executor.resource.gpu.amount=1"
                                + "#spark.executor.resource.gpu.discoveryScript=./discover-gpus"
                                + "#spark.executor.cores=4#spark.task.resource.gpu.amount=0.25"
                                + "#spark.rapids.sql.enabled=false#spark.rapids.memory.gpu.pool=NONE",
                        "--",
                        "train");
    }

    private static Script.Outcome create(String... more) {
        List<String> words = new ArrayList<>(
                List.of("--name", "night", "--region", "europe-west1", "--artifacts", "gs://shop/aisle", "--dry-run"));
        words.addAll(List.of(more));
        return Script.run("dataproc/create-cluster", words.toArray(String[]::new));
    }

    private static List<String> submit(List<String> options, String... job) {
        List<String> words = new ArrayList<>(List.of(
                "--cluster", "night", "--region", "europe-west1", "--artifacts", "gs://shop/aisle", "--dry-run"));
        words.addAll(options);
        words.add("--");
        words.addAll(List.of(job));
        return Script.run("dataproc/submit", words.toArray(String[]::new)).call();
    }
}
