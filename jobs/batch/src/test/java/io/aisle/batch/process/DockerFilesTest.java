package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What of the files in {@code docker} can be checked without an image. */
class DockerFilesTest {
    private static final Path DOCKER = AisleProcess.REPOSITORY.resolve("docker");
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "AKIAONE", "AWS_SECRET_ACCESS_KEY", "hush");
    private static final List<String> JOBS = List.of("generate", "prepare", "train", "nightly");

    @Test
    void clusterHasTheLaptopsSettingsButThoseOfOneMachine() throws IOException {
        Properties laptop = properties(AisleProcess.REPOSITORY.resolve("conf/spark-defaults.conf"));
        Properties cluster = properties(DOCKER.resolve("spark-defaults.conf"));

        assertThat(laptop).containsAllEntriesOf(cluster);
        Set<String> left = new TreeSet<>(laptop.stringPropertyNames());
        left.removeAll(cluster.stringPropertyNames());
        left.removeIf(key -> key.startsWith("spark.eventLog."));
        assertThat(left)
                .containsExactlyInAnyOrder(
                        "spark.master",
                        "spark.driver.memory",
                        "spark.driver.host",
                        "spark.driver.bindAddress",
                        "spark.ui.enabled",
                        "spark.sql.shuffle.partitions",
                        "spark.executor.killOnFatalError.depth");
    }

    @Test
    void basesAreOfTheVersionsThatAisleIsBuiltFor() throws IOException {
        String spark = "apache/spark:" + version("spark") + "-scala" + version("scala.binary") + "-java17-ubuntu";

        assertThat(Dockerfiles.defaults(dockerfile("Dockerfile"))).containsEntry("BASE", spark);
        assertThat(Dockerfiles.defaults(dockerfile("Dockerfile.gpu")))
                .containsEntry("SPARK", spark)
                .hasEntrySatisfying(
                        "BASE",
                        base -> assertThat(base).matches("nvidia/cuda:12\\.\\d+\\.\\d+-cudnn-runtime-ubuntu22\\.04"));
    }

    @Test
    void imagesAreMadeOfTheSameParts() throws IOException {
        String mark = "# what the jobs are made of";
        String image = dockerfile("Dockerfile");
        String gpuImage = dockerfile("Dockerfile.gpu");

        assertThat(gpuImage.substring(gpuImage.indexOf("COPY s3/")))
                .isEqualTo(image.substring(image.indexOf("COPY s3/")));
        assertThat(List.of(image, gpuImage))
                .allSatisfy(text -> assertThat(text)
                        .contains(mark)
                        .doesNotContain("apt-get")
                        .endsWith("USER 185\nENTRYPOINT [\"/opt/entrypoint.sh\"]\n"));
    }

    @Test
    void composeOpensNothingBeyondThisMachine() {
        Compose compose = Compose.read(KEYS);

        assertThat(compose.services()).containsOnlyKeys("s3", "generate", "prepare", "train", "nightly", "serve");
        assertThat(compose.list("serve", "ports")).containsExactly("127.0.0.1:8080:8080");
        assertThat(compose.list("s3", "ports")).containsExactly("127.0.0.1:9090:9090");
        assertThat(JOBS).allSatisfy(job -> {
            assertThat(compose.list(job, "ports")).isEmpty();
            assertThat(compose.services().get(job))
                    .containsEntry("image", "aisle:latest")
                    .containsEntry("read_only", true)
                    .containsEntry("cap_drop", List.of("ALL"))
                    .containsEntry("security_opt", List.of("no-new-privileges:true"))
                    .doesNotContainKeys("privileged", "user", "entrypoint", "network_mode");
        });
    }

    @Test
    void composeRunsTheServiceWithoutRightsAndWithApiKeys() {
        Compose compose = Compose.read(KEYS);

        assertThat(compose.services().get("serve"))
                .containsEntry("image", "aisle-serving:latest")
                .containsEntry("read_only", true)
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges:true"));
        assertThat(compose.list("serve", "command")).contains("--keys").doesNotContain("--demo");
    }

    @Test
    void composeTakesKeysFromItsEnvironmentAlone() throws IOException {
        assertThat(JOBS)
                .allSatisfy(
                        job -> assertThat(Compose.read(KEYS).environment(job)).containsAllEntriesOf(KEYS));
        assertThatThrownBy(() -> Compose.read(Map.of()))
                .hasMessageContaining("AWS_ACCESS_KEY_ID: set it in the environment or in docker/.env");
        assertThat(AisleProcess.REPOSITORY.resolve(".gitignore")).content().contains("\n/docker/.env\n");
    }

    @Test
    void composeRunsTheServerThatTheTestsRun() throws IOException {
        Compose compose = Compose.read(KEYS);

        assertThat(compose.services().get("s3")).containsEntry("image", "adobe/s3mock:" + version("s3mock"));
        assertThat(DOCKER.resolve("hadoop/core-site.xml")).content().contains("<value>http://s3:9090</value>");
    }

    @Test
    void buildPrintsWhatItWouldRun() throws IOException, InterruptedException {
        Path distribution = distribution("pytorch-native-cu124-2.5.1-linux-x86_64.jar");

        Program build =
                build(distribution, "--dry-run", "--gpu", "--tool", "docker", "--base", "cuda:1", "--", "--pull");

        assertThat(build.exitCode()).as("%s", build).isZero();
        assertThat(build.out().lines().reduce((first, last) -> last).orElseThrow())
                .startsWith("docker build --file " + DOCKER.resolve("Dockerfile.gpu")
                        + " --tag aisle:gpu --build-arg VERSION=")
                .contains(" --build-arg BASE=cuda:1 --pull ")
                .endsWith("/target/docker/context-gpu ");
    }

    @Test
    void buildRefusesWhatItDoesNotKnow() throws IOException, InterruptedException {
        Program build = build(distribution("pytorch-native-cpu-2.7.1-linux-x86_64.jar"), "--cuda");

        assertThat(build.exitCode()).isEqualTo(1);
        assertThat(build.err())
                .isEqualTo("Cannot build the image: found option --cuda, expected one of"
                        + " --gpu, --serving, --tag, --base, --tool, --dry-run, --help.");
    }

    @Test
    void buildRefusesJarsOfTheOtherKind() throws IOException, InterruptedException {
        Path distribution = distribution("pytorch-native-cpu-2.7.1-linux-x86_64.jar");

        Program build = build(distribution, "--gpu", "--tool", "docker");

        assertThat(build.exitCode()).isEqualTo(2);
        assertThat(build.err())
                .isEqualTo("Cannot build the image: found " + distribution
                        + "/pytorch/pytorch-native-cpu-2.7.1-linux-x86_64.jar, expected the jars of scripts/build -Pgpu."
                        + " Remove " + distribution + " and try again.");
    }

    /** A directory like that of scripts/build, with empty files. */
    private static Path distribution(String pytorch) throws IOException {
        Path distribution = Fixtures.fresh("docker-dist");
        for (String file : List.of("aisle-1.jar", "s3/hadoop-aws.jar", "pytorch/" + pytorch)) {
            Path path = distribution.resolve(file);
            Files.createDirectories(path.getParent());
            Files.createFile(path);
        }
        return distribution;
    }

    private static Program build(Path distribution, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker/build"));
        command.addAll(List.of(options));
        return Program.run(Map.of("AISLE_DIST", distribution.toString()), Duration.ofMinutes(1), command);
    }

    private static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static String dockerfile(String name) throws IOException {
        return Files.readString(DOCKER.resolve(name));
    }

    /** A version that the parent's pom.xml names. */
    private static String version(String of) throws IOException {
        Matcher property = Pattern.compile("<" + Pattern.quote(of) + "\\.version>([^<]+)<")
                .matcher(Files.readString(AisleProcess.REPOSITORY.resolve("pom.xml")));
        assertThat(property.find()).as(of).isTrue();
        return property.group(1);
    }
}
