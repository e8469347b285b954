package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for each of the scripts that call a cloud's command. */
class CloudScriptsTest {
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "emr/create-cluster", List.of("--artifacts", "s3://shop/aisle", "--log-uri", "s3://shop/logs"),
            "emr/submit", List.of("--cluster", "j-1ABC", "--artifacts", "s3://shop/aisle"),
            "emr-serverless/create-application", List.of(),
            "emr-serverless/submit",
                    List.of(
                            "--application",
                            "00f1",
                            "--role",
                            "arn:aws:iam::111122223333:role/aisle",
                            "--artifacts",
                            "s3://shop/aisle",
                            "--log-uri",
                            "s3://shop/logs"),
            "dataproc/create-cluster",
                    List.of("--name", "night", "--region", "europe-west1", "--artifacts", "gs://shop/aisle"),
            "dataproc/submit",
                    List.of("--cluster", "night", "--region", "europe-west1", "--artifacts", "gs://shop/aisle"),
            "dataproc-serverless/submit", List.of("--region", "europe-west1", "--artifacts", "gs://shop/aisle"));

    /** What shells, JSON and gcloud read in ways of their own. */
    private static final List<String> JOB = List.of(
            "classify",
            "--input",
            "s3a://shop/two words/*.jsonl.gz",
            "--columns",
            "id=sku,title=\"name\"",
            "it's $HOME `id` $(id) \\n \\",
            " lines\nand\ttabs ",
            "^#^a;b&c|d",
            "--conf",
            "nightly.conf",
            "--help",
            "--dry-run");

    static List<String> scripts() {
        return REQUIRED.keySet().stream().sorted().toList();
    }

    static List<String> withRequiredOptions() {
        return scripts().stream()
                .filter(script -> !REQUIRED.get(script).isEmpty())
                .toList();
    }

    static List<String> submitters() {
        return scripts().stream().filter(script -> script.endsWith("/submit")).toList();
    }

    @ParameterizedTest
    @MethodSource("submitters")
    void theJobsArgumentsArriveUnchanged(String script) {
        List<String> call = run(script, List.of("--dry-run"), JOB).call();

        assertThat(jobOf(call)).isEqualTo(JOB);
    }

    @ParameterizedTest
    @MethodSource("submitters")
    void whatTrainsBringsPyTorchAndSoDoesTheDoctorBeforeIt(String script) {
        for (List<String> job : List.of(
                List.of("train"),
                List.of("pretrain"),
                List.of("compare"),
                List.of("doctor", "train", "--data", "s3a://shop/p"),
                List.of("doctor", "pretrain"),
                List.of("doctor", "compare"))) {
            assertThat(run(script, List.of("--dry-run"), job).out()).contains("/pytorch-native.jar");
        }
        for (List<String> job : List.of(List.of("doctor"), List.of("classify", "--model", "train"))) {
            assertThat(run(script, List.of("--dry-run"), job).out()).doesNotContain("pytorch");
        }
    }

    /** The words of the job in a call, wherever the service has them. */
    private static List<String> jobOf(List<String> call) {
        if (call.get(0).equals("gcloud")) {
            return call.subList(call.indexOf("--") + 1, call.size());
        }
        boolean isServerless = call.contains("--job-driver");
        JsonNode json = Schemas.parse(call.get(call.indexOf(isServerless ? "--job-driver" : "--steps") + 1));
        List<String> arguments = new ArrayList<>();
        json.at(isServerless ? "/sparkSubmit/entryPointArguments" : "/0/Args")
                .forEach(word -> arguments.add(word.asText()));
        return isServerless
                ? arguments
                : arguments.subList(arguments.indexOf("s3://shop/aisle/aisle.jar") + 1, arguments.size());
    }

    /** With a command in place of the cloud's that writes down its words. */
    @ParameterizedTest
    @MethodSource("scripts")
    void theCallIsTheOneThatTheDryRunPrints(String script, @TempDir Path directory) throws IOException {
        List<String> job = script.endsWith("/submit") ? JOB : List.of();
        for (String program : List.of("aws", "gcloud")) {
            Script.program(
                    directory,
                    program,
                    "printf '%s\\0' \"${0##*/}\" \"$@\" >>" + directory + "/words; echo answered; exit 7");
        }
        List<String> printed = run(script, List.of("--dry-run"), job).call();
        assertThat(directory.resolve("words")).doesNotExist();

        Script.Outcome outcome = run(Script.pathWith(directory), script, List.of(), job);

        assertThat(Arrays.asList(Files.readString(directory.resolve("words")).split("\0", 0)))
                .isEqualTo(printed);
        assertThat(outcome.out()).isEqualTo("answered\n");
        assertThat(outcome.exitCode()).as("the cloud's exit code").isEqualTo(7);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void saysWhichCommandIsMissing(String script, @TempDir Path directory) throws IOException {
        Script.tools(directory, "bash", "dirname", "cat", "grep");
        Script.Outcome outcome = run(
                Map.of("PATH", directory.toString()), script, List.of(), script.endsWith("/submit") ? JOB : List.of());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo(
                        "Cannot run " + (script.startsWith("emr") ? "aws" : "gcloud")
                                + ": found no such command, expected the cloud's command line. Install it; --dry-run needs none.\n");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void printsItsUsage(String script) {
        Script.Outcome outcome = Script.run(script, "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("Usage: scripts/" + script + " ").contains("--dry-run");
        REQUIRED.get(script).stream()
                .filter(word -> word.startsWith("--"))
                .forEach(option -> assertThat(outcome.out()).contains("\n  " + option + " "));
    }

    @ParameterizedTest
    @MethodSource("withRequiredOptions")
    void namesEveryOptionThatIsMissing(String script) {
        List<String> options = REQUIRED.get(script).stream()
                .filter(word -> word.startsWith("--"))
                .toList();
        if (!options.isEmpty()) {
            assertRefused(
                    Script.run(script, "--dry-run"),
                    "Cannot read the command line: found no " + String.join(" and no ", options)
                            + ", expected a value for each. See ");
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void refusesWhatItDoesNotKnow(String script) {
        assertRefused(
                run(script, List.of("--dry-run", "--artefacts", "s3://shop"), List.of()),
                "Cannot read the command line: found --artefacts, expected one of the options that ");
        assertRefused(
                run(script, List.of("--dry-run", "classify"), List.of()),
                "Cannot read the command line: found classify, expected one of the options that ");
    }

    @ParameterizedTest
    @MethodSource("submitters")
    void refusesACallWithoutAJob(String script) {
        assertRefused(
                run(script, List.of("--dry-run"), List.of()),
                "Cannot submit a job: found none, expected its name and options after --");
        assertRefused(
                run(script, List.of("--dry-run"), List.of("--model", "s3a://shop")),
                "Cannot submit a job: found none, expected its name and options after --");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.hadoop.fs.s3a.secret.key=hunter2",
                "spark.hadoop.fs.s3a.access.key=hunter2",
                "spark.hadoop.fs.s3a.session.token=hunter2",
                "spark.ssl.keyPassword=hunter2",
                "spark.eventLog.dir=s3a://me:hunter2@shop/events"
            })
    void refusesSecretsAmongTheSettings(String setting) {
        for (String script : submitters()) {
            Script.Outcome outcome = run(script, List.of("--dry-run", "--conf", setting), JOB);

            assertRefused(outcome, "Cannot pass " + setting.replaceFirst("=.*", "") + ": found a secret");
            assertThat(outcome.err()).doesNotContain("hunter2");
        }
    }

    @ParameterizedTest
    @MethodSource("submitters")
    void refusesControlCharacters(String script) {
        assertRefused(
                run(script, List.of("--dry-run"), List.of("classify", "--input", "s3a://shop/\u0007")),
                "Cannot pass word 3 of the job: found a control character, expected text.");
    }

    @ParameterizedTest
    @MethodSource("submitters")
    void refusesSecretsAmongTheJobsArguments(String script) {
        Script.Outcome outcome =
                run(script, List.of("--dry-run"), List.of("classify", "--input", "s3a://AKIA:hunter2@shop/catalog"));

        assertRefused(outcome, "Cannot pass word 3 of the job: found a user or a password in a URI");
        assertThat(outcome.err()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void printsNothingOfTheEnvironment(String script) {
        Map<String, String> secrets = new HashMap<>();
        secrets.put("AWS_SECRET_ACCESS_KEY", "hunter2");
        secrets.put("AWS_SESSION_TOKEN", "hunter2");
        secrets.put("GOOGLE_APPLICATION_CREDENTIALS", "/home/hunter2.json");

        Script.Outcome outcome =
                run(secrets, script, List.of("--dry-run"), script.endsWith("/submit") ? JOB : List.of());

        assertThat(outcome.call()).isNotEmpty();
        assertThat(outcome.out() + outcome.err()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "emr/submit|--cluster|1ABC|Cannot use --cluster: found 1ABC, expected what begins with j-.",
                "emr/submit|--artifacts|gs://shop|Cannot use --artifacts: found gs://shop, expected what begins with s3://.",
                "emr/create-cluster|--log-uri|/logs|Cannot use --log-uri: found /logs, expected what begins with s3://.",
                "emr-serverless/submit|--role|aisle|Cannot use --role: found aisle, expected what begins with arn:.",
                "dataproc/submit|--artifacts|s3://shop|Cannot use --artifacts: found s3://shop, expected what begins with gs://.",
                "dataproc/submit|--conf|cores=4|Cannot read --conf: found what is not spark.NAME=VALUE",
                "emr/submit|--conf|spark.app.name=a#b|Cannot pass spark.app.name: found a # or a line break in its value",
                "emr/submit|--conf|--gpu|Cannot read --conf: found no value, expected one.",
                "emr-serverless/submit|--conf|spark.app.name=a b|Cannot pass spark.app.name: found a space, a quote or a backslash"
            })
    void refusesWrongValues(String script, String option, String value, String message) {
        assertRefused(run(script, List.of(option, value, "--dry-run"), JOB), message);
    }

    @Test
    void refusesGpusWhereThereAreNone() {
        assertRefused(
                run("emr-serverless/submit", List.of("--gpu", "--dry-run"), JOB),
                "Cannot use --gpu: found EMR Serverless, whose workers have CPU, memory and disk only");
        assertRefused(
                run("dataproc-serverless/submit", List.of("--gpu", "--dry-run"), JOB),
                "Cannot use --gpu: found no --container-image, expected one with CUDA 12 and cuDNN 9.");
    }

    @Test
    void uploadsWhatTheOtherScriptsName(@TempDir Path dist) throws IOException {
        Files.createDirectories(dist.resolve("pytorch"));
        for (String jar : List.of(
                "aisle-0.1.0.jar",
                "pytorch/pytorch-native-cpu-2.7.1-linux-x86_64.jar",
                "pytorch/pytorch-jni-2.7.1.jar")) {
            Files.createFile(dist.resolve(jar));
        }

        List<List<String>> calls = upload(dist, "s3://shop/aisle/").calls();

        assertThat(calls)
                .allSatisfy(call -> {
                    assertThat(call).startsWith("aws", "s3", "cp").hasSize(5);
                    assertThat(Path.of(call.get(3))).isRegularFile();
                })
                .extracting(call -> call.get(4))
                .containsExactly(
                        "s3://shop/aisle/aisle.jar",
                        "s3://shop/aisle/pytorch-native.jar",
                        "s3://shop/aisle/pytorch-jni.jar",
                        "s3://shop/aisle/nightly.conf",
                        "s3://shop/aisle/log4j2-json.properties",
                        "s3://shop/aisle/discover-gpus",
                        "s3://shop/aisle/gpu-emr-7.10.0.sh");
        assertThat(upload(dist, "gs://shop/aisle").calls())
                .allSatisfy(call -> assertThat(call).startsWith("gcloud", "storage", "cp"))
                .extracting(call -> call.get(4))
                .contains("gs://shop/aisle/aisle.jar", "gs://shop/aisle/java-17.sh")
                .noneMatch(uri -> uri.contains("emr"));
    }

    @Test
    void uploadsNothingWhereNothingWasBuilt(@TempDir Path dist) throws IOException {
        assertRefused(
                upload(dist, "s3://shop/aisle"),
                "Cannot upload " + dist + "/aisle-*.jar: found no such file, expected one. Run scripts/build.");
        assertRefused(upload(dist, "/aisle"), "Cannot upload to /aisle: found no s3:// or gs:// URI, expected one.");
        Files.createFile(dist.resolve("aisle-0.1.0.jar"));
        Files.createFile(dist.resolve("aisle-0.2.0.jar"));
        assertRefused(
                upload(dist, "s3://shop/aisle"),
                "Cannot upload " + dist + "/aisle-*.jar: found several files, expected one.");
    }

    private static Script.Outcome upload(Path dist, String to) {
        return Script.run(Map.of("AISLE_DIST", dist.toString()), "upload", List.of("--to", to, "--dry-run"));
    }

    private static void assertRefused(Script.Outcome outcome, String message) {
        assertThat(outcome.err()).startsWith(message);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    private static Script.Outcome run(String script, List<String> options, List<String> job) {
        return run(Map.of(), script, options, job);
    }

    private static Script.Outcome run(
            Map<String, String> environment, String script, List<String> options, List<String> job) {
        List<String> words = new ArrayList<>(REQUIRED.get(script));
        words.addAll(options);
        if (!job.isEmpty()) {
            words.add("--");
            words.addAll(job);
        }
        return Script.run(environment, script, words);
    }
}
