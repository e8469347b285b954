package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.Fixtures;
import io.aisle.batch.TestSession;
import io.aisle.batch.storage.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The images, built by {@code docker/build} on stand-ins for those of the registries, and the quickstart and a night on S3 in a container.
 * Takes root, buildah and debootstrap, which {@code scripts/test} installs for root.
 */
class ContainerIT {
    private static final String IMAGE = "localhost/aisle:test";
    private static final String GPU_IMAGE = "localhost/aisle:gpu-test";
    private static final String SERVING_IMAGE = "localhost/aisle-serving:test";
    private static final long MAX_SERVING_BYTES = 150_000_000;
    private static final String WORK_DIRECTORY = "/opt/spark/work-dir";
    private static final int USER = 185;
    private static final Path TARGET = AisleProcess.REPOSITORY.resolve("target");
    private static final Path DISTRIBUTION = Path.of("target", "dist").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static Buildah buildah;
    private static Path work;
    private static String container;
    private static Program quickstart;

    @BeforeAll
    static void runsQuickstart() throws IOException, InterruptedException {
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "building and running images without an engine takes root");
        buildah = Buildah.open(TARGET.resolve("container/store"));
        StandIns.buildSpark(buildah);
        StandIns.buildCuda(buildah);
        build(DISTRIBUTION, "--tag", IMAGE, "--base", StandIns.SPARK);
        build(
                gpuDistribution(),
                "--gpu",
                "--tag",
                GPU_IMAGE,
                "--base",
                StandIns.CUDA,
                "--",
                "--build-arg",
                "SPARK=" + StandIns.SPARK);
        StandIns.buildJava(buildah);
        build(DISTRIBUTION, "--serving", "--tag", SERVING_IMAGE, "--base", StandIns.JAVA);

        work = Fixtures.fresh("container-work");
        Files.setAttribute(work, "unix:uid", USER);
        container = buildah.container(IMAGE);
        quickstart = buildah.runIn(
                container,
                List.of("--volume", work + ":" + WORK_DIRECTORY),
                List.of("quickstart", "quickstart", "--kind", "bag", "--epochs", "3"));
    }

    @AfterAll
    static void removesImages() throws IOException, InterruptedException {
        if (buildah != null) {
            buildah.close();
        }
    }

    @Test
    void quickstartPublishesItsRunAsTheUserOfTheImage() throws IOException {
        assertThat(quickstart.exitCode()).as("%s", quickstart).isZero();
        assertThat(quickstart.out()).doesNotContain("WARN").doesNotContain("Exception");
        assertThat(quickstart.err()).doesNotContain("WARN").doesNotContain("Exception");

        Path output = work.resolve("quickstart/catalog");
        PublishedRows published = PublishedRows.of(output.toString());
        assertThat(published.runId()).isEqualTo("first");
        assertThat(published.rows()).hasSize(4_944);
        assertThat(Files.getAttribute(output.resolve("CURRENT"), "unix:uid")).isEqualTo(USER);
    }

    @Test
    void runWritesNothingBesideItsWorkAndTemporaryDirectories() throws IOException, InterruptedException {
        Path root = buildah.files(container);

        assertThat(find(root, "-uid", "" + USER, "-type", "f", "-not", "-path", root + "/tmp/*"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {IMAGE, GPU_IMAGE})
    void keepsConventionsOfSparksImages(String image) throws IOException, InterruptedException {
        JsonNode configuration = buildah.configuration(image);

        assertThat(configuration.path("User").textValue()).isEqualTo("" + USER);
        assertThat(configuration.path("Entrypoint").toString()).isEqualTo("[\"/opt/entrypoint.sh\"]");
        assertThat(configuration.path("Cmd").isEmpty()).isTrue();
        assertThat(configuration.path("WorkingDir").textValue()).isEqualTo(WORK_DIRECTORY);
        assertThat(configuration.path("Env").toString())
                .contains("\"SPARK_HOME=/opt/spark\"")
                .contains("\"JAVA_HOME=/opt/java/openjdk\"");
        JsonNode labels = configuration.path("Labels");
        assertThat(labels.path("org.opencontainers.image.base.name").asText())
                .isEqualTo(image.equals(IMAGE) ? StandIns.SPARK : StandIns.CUDA);
        assertThat(labels.path("org.opencontainers.image.version").asText()).matches("\\d.*");
        for (String label : List.of("title", "description", "licenses", "revision")) {
            assertThat(labels.path("org.opencontainers.image." + label).asText())
                    .as(label)
                    .isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {IMAGE, GPU_IMAGE})
    void givesNobodyMoreRightsThanItsBase(String image) throws IOException, InterruptedException {
        Path base = buildah.imageFiles(image.equals(IMAGE) ? StandIns.SPARK : StandIns.CUDA);
        Path root = buildah.imageFiles(image);
        String[] special = {"(", "-perm", "/6000", "-o", "-perm", "-0002", ")", "-not", "-type", "l"};

        assertThat(find(root, special)).containsExactlyElementsOf(find(base, special));
        for (String part : List.of("opt/aisle", "opt/spark/conf", "opt/spark/jars", "usr/local/bin")) {
            Path directory = root.resolve(part);
            assertThat(directory).isNotEmptyDirectory();
            assertThat(find(directory, "-not", "-type", "l", "(", "-not", "-uid", "0", "-o", "-perm", "/022", ")"))
                    .as(part)
                    .isEmpty();
            assertThat(find(directory, "-not", "-type", "l", "-not", "-perm", "-o=r"))
                    .as(part)
                    .isEmpty();
        }
    }

    @Test
    void addsToItsBaseWhatWasPutInTheContextAlone() throws IOException, InterruptedException {
        long base = bytes(buildah.imageFiles(StandIns.SPARK));
        long image = bytes(buildah.imageFiles(IMAGE));
        long context = bytes(TARGET.resolve("docker/context"));

        assertThat(image - base).isEqualTo(context);
        System.out.printf(
                Locale.ROOT,
                "image sizes: base %.0f MB (a stand-in), added %.0f MB: S3A %.0f, PyTorch %.0f, Aisle's jar %.0f%n",
                base / 1e6,
                context / 1e6,
                bytes(DISTRIBUTION.resolve("s3")) / 1e6,
                bytes(DISTRIBUTION.resolve("pytorch")) / 1e6,
                (bytes(DISTRIBUTION) - bytes(DISTRIBUTION.resolve("s3")) - bytes(DISTRIBUTION.resolve("pytorch")))
                        / 1e6);
    }

    @Test
    void entrypointTakesDriverFromTheImagesOwnJar() throws IOException, InterruptedException {
        Program driver = buildah.runIn(
                container,
                List.of(),
                List.of(
                        "driver",
                        "--master",
                        "local[1]",
                        "--class",
                        "io.aisle.batch.Main",
                        "local:///opt/aisle/aisle.jar",
                        "generate",
                        "--help"));

        assertThat(driver.exitCode()).as("%s", driver).isZero();
        assertThat(driver.out()).contains("--rows");
    }

    @Test
    void runsTheNightOfComposeOnS3() throws IOException, InterruptedException {
        Map<String, String> variables = new HashMap<>(S3Server.environment());
        variables.put("ROWS", "1000");
        variables.put("RUN_ID", "night");
        Compose compose = Compose.read(variables);
        String bucket = compose.environment("s3").get("COM_ADOBE_TESTING_S3MOCK_STORE_INITIAL_BUCKETS");
        try (S3Server server = S3Server.start("container", bucket)) {
            Configuration hadoop = TestSession.get().sparkContext().hadoopConfiguration();
            S3Server.configure(hadoop, bucket, server.endpoint());
            Path settings = Fixtures.fresh("container-hadoop").resolve("core-site.xml");
            Files.writeString(
                    settings,
                    Files.readString(AisleProcess.REPOSITORY.resolve("docker/hadoop/core-site.xml"))
                            .replace("http://s3:9090", server.endpoint().toString()));

            run(compose, "generate", settings.getParent());
            copyModel("s3a://" + bucket + "/model", hadoop);
            run(compose, "nightly", settings.getParent());

            String output = "s3a://" + bucket + "/catalog";
            PublishedRows published = PublishedRows.of(output);
            assertThat(published.runId()).isEqualTo("night");
            assertThat(published.rows()).hasSizeGreaterThan(900);
            String success = Directory.of(TestSession.get(), output + "/runs/night/predictions")
                    .read("_SUCCESS");
            assertThat(new ObjectMapper().readTree(success).path("committer").textValue())
                    .isEqualTo("magic");
        }
    }

    /** Runs a service's command as the service says, with another directory of Hadoop's settings, which has the test's server. */
    private static void run(Compose compose, String service, Path settings) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>();
        compose.environment(service).forEach((name, value) -> options.addAll(List.of("--env", name + "=" + value)));
        options.addAll(List.of(
                "--volume", settings + ":" + compose.environment(service).get("HADOOP_CONF_DIR") + ":ro"));
        Program job = buildah.runIn(container, options, compose.list(service, "command"));
        assertThat(job.exitCode()).as("%s", job).isZero();
    }

    private static void copyModel(String to, Configuration hadoop) throws IOException {
        org.apache.hadoop.fs.Path from =
                new org.apache.hadoop.fs.Path(work.resolve("quickstart/model").toUri());
        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(to);
        FileUtil.copy(from.getFileSystem(hadoop), from, target.getFileSystem(hadoop), target, false, hadoop);
    }

    @Test
    void imageForGpusRunsJobs() throws IOException, InterruptedException {
        Program help = buildah.runIn(buildah.container(GPU_IMAGE), List.of(), List.of("aisle", "classify", "--help"));

        assertThat(help.exitCode()).as("%s", help).isZero();
        assertThat(help.out()).contains("--model");
    }

    @Test
    void imageOfTheServiceIsSmallAndRunsAsNobodyInParticular() throws IOException, InterruptedException {
        JsonNode configuration = buildah.configuration(SERVING_IMAGE);

        assertThat(configuration.path("User").textValue()).isEqualTo("10001");
        assertThat(configuration.path("Entrypoint").path(0).textValue()).isEqualTo("java");
        assertThat(configuration
                        .path("Labels")
                        .path("org.opencontainers.image.base.name")
                        .asText())
                .isEqualTo(StandIns.JAVA);
        Path root = buildah.imageFiles(SERVING_IMAGE);
        assertThat(bytes(root) - bytes(buildah.imageFiles(StandIns.JAVA)))
                .isLessThan(MAX_SERVING_BYTES)
                .isEqualTo(bytes(TARGET.resolve("docker/context-serving")));
        assertThat(find(root.resolve("opt/aisle"), "(", "-not", "-uid", "0", "-o", "-perm", "/022", ")"))
                .isEmpty();
    }

    @Test
    void serviceAnswersInItsContainerUntilItIsStopped() throws IOException, InterruptedException {
        String service = buildah.container(SERVING_IMAGE);
        String script = "java -jar /opt/aisle/aisle-serving.jar serve --demo --port 18437 --model /model & "
                + "for i in $(seq 300); do AISLE_PORT=18437 /opt/aisle/health 2>/dev/null && break; sleep 0.2; done; "
                + "AISLE_PORT=18437 /opt/aisle/health && echo healthy as $(id -u); kill $!; wait $!; echo ended with $?";

        Program run = buildah.runInsteadIn(
                service,
                List.of("--volume", work.resolve("quickstart/model") + ":/model:ro"),
                List.of("bash", "-c", script));

        assertThat(run.out()).as("%s", run).contains("healthy as 10001").contains("ended with 143");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.gpu", "Dockerfile.serving"})
    void dockerfilesPassLinter(String name) throws IOException, InterruptedException {
        String text = Files.readString(AisleProcess.REPOSITORY.resolve("docker").resolve(name));
        // the linter does not put in the defaults of arguments
        Path file = Files.writeString(Fixtures.fresh("lint-" + name).resolve(name), Dockerfiles.withDefaults(text));

        Program linter = Program.run(Map.of(), LIMIT, List.of("npx", "--yes", "dockerfilelint@1.8.0", file.toString()));

        assertThat(linter.exitCode()).as("%s", linter).isZero();
    }

    /** What scripts/build -Pgpu makes, as far as names go, without the large jars. */
    private static Path gpuDistribution() throws IOException {
        Path distribution = Fixtures.fresh("container-gpu-dist");
        for (String part : List.of("", "s3", "pytorch")) {
            Files.createDirectories(distribution.resolve(part));
            try (Stream<Path> files = Files.list(DISTRIBUTION.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = file.getFileName().toString();
                    Path copy = distribution.resolve(part).resolve(name.replace("-cpu-", "-cu124-"));
                    if (part.isEmpty()) {
                        Files.createSymbolicLink(copy, file);
                    } else {
                        Files.createFile(copy);
                    }
                }
            }
        }
        return distribution;
    }

    private static void build(Path distribution, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker/build", "--tool", "buildah"));
        command.addAll(List.of(options));
        Map<String, String> environment = new HashMap<>(buildah.environment());
        environment.put("AISLE_DIST", distribution.toString());
        Program.run(environment, LIMIT, command).requireSuccess();
    }

    /** What find finds below a directory: mode, owner and path of each file, sorted. */
    private static List<String> find(Path root, String... conditions) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("find", root.toString(), "-xdev"));
        command.addAll(List.of(conditions));
        command.addAll(List.of("-printf", "%m %U %P\\n"));
        return Program.run(Map.of(), LIMIT, command)
                .requireSuccess()
                .out()
                .lines()
                .sorted()
                .toList();
    }

    /** The bytes of the files below a directory. */
    private static long bytes(Path root) throws IOException, InterruptedException {
        return Program.run(Map.of(), LIMIT, List.of("find", root.toString(), "-type", "f", "-printf", "%s\\n"))
                .requireSuccess()
                .out()
                .lines()
                .mapToLong(Long::parseLong)
                .sum();
    }
}
