package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import io.aisle.batch.doctor.Jars;
import io.aisle.batch.process.FaultProxy.Fault;
import io.aisle.batch.storage.Directory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The doctor as a process, on machines and with services that are well, and that are not. */
class DoctorIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String BUCKET = "doctor";
    private static final String MODEL = "s3a://" + BUCKET + "/model";
    private static final String CATALOG = "s3a://" + BUCKET + "/products/part-0.jsonl";

    private static S3Server server;

    @BeforeAll
    static void startsServer() throws IOException, InterruptedException {
        server = S3Server.start("doctor", BUCKET, "careless");
        S3Server.configure(TestSession.get().sparkContext().hadoopConfiguration(), BUCKET, server.endpoint());
        Directory.of(TestSession.get(), MODEL).copyFrom(HandMadeBundle.get().directory(), "manifest.json");
        Directory.of(TestSession.get(), "s3a://" + BUCKET + "/products")
                .write("part-0.jsonl", "{\"id\": \"1\", \"title\": \"tea\"}\n");
    }

    @AfterAll
    static void stopsServer() {
        if (server != null) {
            server.close();
        }
    }

    /** By name, the verdict and what was found. */
    private static Map<String, String> findings(String out) {
        Map<String, String> findings = new TreeMap<>();
        out.lines().filter(line -> line.matches("(ok|warn|fail|skip) .*")).forEach(line -> {
            String[] parts = line.split(" {2,}", 3);
            findings.put(parts[1], parts[0] + " " + parts[2]);
        });
        return findings;
    }

    private static List<String> keys() throws IOException {
        try (Stream<Path> objects = Files.list(server.root().resolve(BUCKET))) {
            return objects.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void finds2ExecutorsAndAnS3ServiceThatAreWell() throws IOException, InterruptedException {
        List<String> before = keys();
        List<String> submit = new ArrayList<>(S3Server.submitOptions(server.endpoint()));
        submit.addAll(List.of("--master", "local-cluster[2,1,900]", "--conf", "spark.executor.memory=900m"));
        try (AisleProcess process = AisleProcess.start(
                S3Server.environment(),
                submit,
                "doctor",
                "--engine",
                "onnx",
                "--model",
                MODEL,
                "--input",
                CATALOG,
                "--output",
                "s3a://" + BUCKET + "/deep/catalog")) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();

            Map<String, String> findings = findings(process.out());
            assertThat(findings).as("%s", process).allSatisfy((name, found) -> {
                // a machine with a GPU hears that it stands idle
                assertThat(found).matches(name.equals("gpu") ? "(ok|warn) .*" : "(ok|skip) .*");
            });
            assertThat(findings)
                    .containsEntry(
                            "java", "ok Java " + System.getProperty("java.version") + " on the driver and 2 executors")
                    .containsEntry(
                            "storage: output",
                            "ok s3a://" + BUCKET + "/deep/catalog: writable, conditional writes are obeyed")
                    .containsEntry("committer: output", "ok magic, of S3A")
                    .containsEntry(
                            "credentials: " + server.endpoint(),
                            "ok key …0001 from fs.s3a.access.key, where Spark also puts that of the environment")
                    .containsEntry("model: tasks", "ok opened where tasks run; 19 probes scored there")
                    .containsKeys("clock: executors", "clock: " + server.endpoint(), "memory: executors");
            assertThat(findings.get("executors")).contains(": 2 executors, 2 tasks at once of 1 core each");
            assertThat(process.out() + process.err())
                    .doesNotContain(S3Server.SECRET_KEY)
                    .doesNotContain(S3Server.ACCESS_KEY);
        }
        assertThat(keys()).as("the probes were removed").isEqualTo(before);
    }

    @Test
    void tellsEachPlaceOfS3ThatIsNotWellApart() throws IOException, InterruptedException {
        URI closed;
        try (FaultProxy gone = FaultProxy.to(server.endpoint())) {
            closed = gone.endpoint();
        }
        try (FaultProxy refusing = FaultProxy.to(server.endpoint());
                FaultProxy careless = FaultProxy.to(server.endpoint())) {
            refusing.inject(Fault.STATUS_403, 1, 1, request -> true);
            careless.stripConditions();
            List<String> submit = new ArrayList<>(S3Server.submitOptions(server.endpoint()));
            ofBucket(submit, "closed", "endpoint", closed);
            ofBucket(submit, "refusing", "endpoint", refusing.endpoint());
            ofBucket(submit, "careless", "endpoint", careless.endpoint());
            submit.addAll(List.of("--conf", "spark.hadoop.fs.s3a.committer.name=file"));
            try (AisleProcess process = AisleProcess.start(
                    S3Server.environment(),
                    submit,
                    "doctor",
                    "evaluate",
                    "--model",
                    "s3a://refusing/model",
                    "--input",
                    "s3a://nosuchbucket/products",
                    "--taxonomy",
                    "s3a://closed/taxonomy.json",
                    "--models",
                    "s3a://careless/models",
                    "--output",
                    "s3a://" + BUCKET + "/products")) {
                assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(2);

                Map<String, String> findings = findings(process.out());
                assertThat(findings.get("storage: model"))
                        .startsWith("fail Cannot read s3a://refusing/model: found access denied (");
                assertThat(findings.get("storage: input"))
                        .startsWith("fail Cannot read s3a://nosuchbucket/products: found no such bucket (");
                assertThat(findings.get("storage: taxonomy"))
                        .startsWith("fail Cannot reach " + closed + ": found no answer (ConnectException: ");
                assertThat(findings.get("storage: models"))
                        .startsWith(
                                "fail Cannot publish to s3://careless/models/: found a service without conditional writes");
                assertThat(findings.get("storage: output"))
                        .startsWith("fail Cannot write a result to s3a://" + BUCKET
                                + "/products: found something there already");
                assertThat(findings.get("committer: output"))
                        .startsWith(
                                "fail Cannot write s3a://" + BUCKET
                                        + "/products: found settings by which Spark renames what it wrote (fs.s3a.committer.name = file)");
                assertThat(process.out())
                        .contains("→ Check the credentials, the bucket's policy and that of its KMS key.")
                        .contains("→ Create it, or correct its name, fs.s3a.endpoint or the account.")
                        .contains("→ Check fs.s3a.endpoint, the network")
                        .contains("→ Publish to another store, or give --single-writer")
                        .contains("→ Choose another --output, or remove it.")
                        .contains("→ Set what conf/spark-defaults.conf sets under \"S3\".");
            }
        }
    }

    private static void ofBucket(List<String> submit, String bucket, String key, Object value) {
        submit.addAll(List.of("--conf", "spark.hadoop.fs.s3a.bucket." + bucket + "." + key + "=" + value));
    }

    @Test
    void namesAllThatThisMachineLacks() throws IOException, InterruptedException {
        Path folder = Fixtures.fresh("doctor");
        Path jar = Jars.write(
                folder.resolve("protobuf-java-2.5.0.jar"), Map.of("ai/onnxruntime/OrtEnvironment.class", "another"));
        Path large = Fixtures.copy(HandMadeBundle.get().directory(), folder.resolve("model"));
        Files.write(large.resolve("notes"), new byte[16 << 20]);
        // Spark keeps a copy of the application's jar there
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), Files.size(jarOfAisle()) + (32 << 20))) {
            List<String> submit = new ArrayList<>(S3Server.submitOptions(server.endpoint()));
            submit.addAll(List.of("--driver-memory", "600m", "--jars", jar.toString()));
            submit.addAll(List.of("--conf", "spark.local.dir=" + disk.root()));
            submit.addAll(List.of("--conf", "spark.executor.resource.gpu.amount=1"));
            submit.addAll(List.of("--conf", "spark.task.resource.gpu.amount=1"));
            try (AisleProcess process =
                    AisleProcess.start(Map.of(), submit, "doctor", "--model", large.toString(), "--input", CATALOG)) {
                assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(2);

                Map<String, String> findings = findings(process.out());
                assertThat(findings.get("duplicate classes"))
                        .as("%s", process)
                        .startsWith("fail different versions: 1 class in aisle-")
                        .contains(
                                ".jar and in protobuf-java-2.5.0.jar, such as ai.onnxruntime.OrtEnvironment (driver)");
                assertThat(findings.get("temporary space"))
                        .startsWith("fail too small: spark.local.dir " + disk.root() + "/blockmgr-")
                        .contains(", expected 3 × the model, 49 MB, and 1,024 MB for the work");
                assertThat(findings.get("memory: driver"))
                        .matches("fail heap (5\\d\\d|600) MB, .*, expected a heap of 850 MB or more");
                String noKeys =
                        "found no usable credentials, expected keys, a profile, a web identity or an instance role";
                assertThat(findings)
                        .containsEntry("credentials: " + server.endpoint(), "fail Cannot find credentials: " + noKeys)
                        .containsEntry("storage: input", "fail Cannot read " + CATALOG + ": " + noKeys)
                        .containsEntry(
                                "gpu: jar",
                                "fail asked for, but ONNX Runtime can run on CPU only (jar onnxruntime), expected CUDA (jar"
                                        + " onnxruntime_gpu)")
                        .containsEntry(
                                "model",
                                "skip not opened, since the check memory failed and this could end the process");
                assertThat(process.out()).contains("→ Give it more: -- --driver-memory 2g, or run fewer tasks at once");
                assertThat(process.err()).contains("Cannot recommend to run classify: found ");
            }
        }
    }

    @Test
    void namesThePackagesThatJavaKeepsClosed() throws IOException, InterruptedException {
        assertThat(direct("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"))
                .contains("fail  java packages             closed: java.base/java.lang, java.lang.invoke, ")
                .contains("on driver, expected them open\n")
                .contains("→ Start by spark-submit, which opens them")
                .contains("Cannot recommend to run classify: found 1 check that fails (java packages)")
                .endsWith("\nexit code 2");
        assertThat(direct("-Dno.package.is.open=true"))
                .contains(
                        "Cannot run Spark on this Java: found the package sun.nio.ch of java.base closed, expected it open."
                                + " Start the job by spark-submit")
                .endsWith("\nexit code 2");
    }

    @Test
    void namesWhatTrainingLacks() throws IOException, InterruptedException {
        assertThat(direct("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "train"))
                .contains(
                        "fail  pytorch                   Cannot train: found no PyTorch natives on the class path, expected the jars"
                                + " pytorch-native-cpu and pytorch-jni of this platform\n")
                .contains("→ Give spark-submit both (--jars; ")
                .endsWith("\nexit code 2");
    }

    private static Path jarOfAisle() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target", "dist"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The doctor without spark-submit; what it printed, and its exit code. */
    private static String direct(String javaOption, String... job) throws IOException, InterruptedException {
        Path repository = Path.of("..", "..").toAbsolutePath().normalize();
        Process home =
                new ProcessBuilder(repository.resolve("scripts/spark-home").toString()).start();
        String spark = new String(home.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                javaOption,
                "-Dspark.master=local[2]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-cp",
                spark + "/jars/*" + System.getProperty("path.separator") + jarOfAisle(),
                "io.aisle.batch.Main",
                "doctor");
        builder.command().addAll(List.of(job));
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Process process = builder.redirectErrorStream(true).start();
        Lines lines = Lines.of(process.getInputStream(), "doctor without spark-submit");
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
        lines.awaitEnd();
        return lines.text().stripTrailing() + "\nexit code " + process.exitValue();
    }
}
