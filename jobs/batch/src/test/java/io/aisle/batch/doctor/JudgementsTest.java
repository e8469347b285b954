package io.aisle.batch.doctor;

import static io.aisle.batch.doctor.Judged.assertFinding;
import static io.aisle.batch.doctor.Judged.assertOk;
import static io.aisle.batch.doctor.Jvm.GIGABYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.doctor.DuplicateClasses.Clash;
import io.aisle.batch.doctor.ExecutorsCheck.Spread;
import io.aisle.batch.doctor.Place.Use;
import io.aisle.batch.score.EngineParity;
import io.aisle.core.UserException;
import io.aisle.core.storage.S3Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** What each check makes of facts: of those that are well, of those that want a look, and of those that a job would fail by. */
class JudgementsTest {
    private static final JvmFacts DRIVER = Jvm.well("driver");
    private static final JvmFacts EXECUTOR = Jvm.well("executor 1");
    private static final List<JvmFacts> WELL = List.of(DRIVER, EXECUTOR);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void javaIsSeventeenWithOpenPackagesEverywhere() {
        assertOk(JavaCheck.judge(WELL).get(0), "Java 17.0.15 on the driver and 1 executor");
        assertOk(JavaCheck.judge(WELL).get(1), "all that Spark needs are open on the driver and 1 executor");

        List<JvmFacts> old =
                List.of(DRIVER, Jvm.named("executor 1").java("11.0.2", 11).facts());
        assertFinding(
                JavaCheck.judge(old).get(0),
                Verdict.FAIL,
                "Java 11.0.2 (executor 1), 17.0.15 (driver) on the driver and 1 executor, expected 17",
                "spark.executorEnv.JAVA_HOME");
        List<JvmFacts> young = List.of(Jvm.named("driver").java("21.0.1", 21).facts());
        assertFinding(
                JavaCheck.judge(young).get(0),
                Verdict.WARN,
                "Java 21.0.1 on the driver, expected 17, the newest that Spark 3.5 supports",
                "Point JAVA_HOME at a JDK 17");
        List<JvmFacts> closed = List.of(
                DRIVER, Jvm.named("executor 1").closed("java.nio", "sun.nio.ch").facts());
        assertFinding(
                JavaCheck.judge(closed).get(1),
                Verdict.FAIL,
                "closed: java.base/java.nio, sun.nio.ch on executor 1, expected them open",
                "Start by spark-submit");
    }

    @Test
    void onnxRuntimeLoadsEverywhere() {
        assertOk(NativesCheck.judge(WELL).get(0), "loads on the driver and 1 executor: amd64, glibc 2.36");

        JvmFacts alpine = Jvm.named("executor 1")
                .platform("amd64", "musl", "UnsatisfiedLinkError: ld-linux-x86-64.so.2: No such file")
                .facts();
        assertFinding(
                NativesCheck.judge(List.of(DRIVER, alpine)).get(0),
                Verdict.FAIL,
                "not loaded: UnsatisfiedLinkError: ld-linux-x86-64.so.2: No such file on executor 1 (amd64, glibc 2.36"
                        + " (driver), amd64, musl (executor 1)), expected its native library to load",
                "glibc 2.27 or newer");
        JvmFacts arm =
                Jvm.named("executor 1").platform("aarch64", "glibc 2.36", "").facts();
        assertFinding(
                NativesCheck.judge(List.of(DRIVER, arm)).get(0),
                Verdict.WARN,
                "loads on the driver and 1 executor, on different processors: aarch64, glibc 2.36 (executor 1), amd64, glibc"
                        + " 2.36 (driver)",
                "Use one architecture");
    }

    @Test
    void versionsAreThoseThatAisleWasBuiltFor() {
        assertOk(VersionsCheck.judge(Jvm.BUILT_FOR, WELL), "Spark 3.5.5, Scala 2.12.18, Hadoop 3.3.4");

        assertFinding(
                VersionsCheck.judge(Jvm.BUILT_FOR, List.of(driverOf("3.4.1", "2.12.17", "3.3.4"))),
                Verdict.FAIL,
                "Spark 3.4.1, Scala 2.12.17, Hadoop 3.3.4, expected Spark 3.5.5, Scala 2.12, Hadoop 3.3.4",
                "Run on Spark 3.5 for Scala 2.12");
        assertFinding(
                VersionsCheck.judge(Jvm.BUILT_FOR, List.of(driverOf("3.5.5", "2.13.8", "3.3.4"))),
                Verdict.FAIL,
                "Spark 3.5.5, Scala 2.13.8, Hadoop 3.3.4, expected Spark 3.5.5, Scala 2.12, Hadoop 3.3.4",
                "Run on Spark 3.5 for Scala 2.12");
        assertFinding(
                VersionsCheck.judge(Jvm.BUILT_FOR, List.of(driverOf("3.5.3-amzn-1", "2.12.18", "3.4.1-amzn-0"))),
                Verdict.WARN,
                "Spark 3.5.3-amzn-1, Scala 2.12.18, Hadoop 3.4.1-amzn-0, built for Spark 3.5.5, Scala 2.12, Hadoop 3.3.4",
                "try a small run");
        assertFinding(
                VersionsCheck.judge(Jvm.BUILT_FOR, List.of(driverOf("3.5.4", "2.12.18", "3.3.4"), EXECUTOR)),
                Verdict.FAIL,
                "Spark 3.5.4, Scala 2.12.18, Hadoop 3.3.4 (driver), Spark 3.5.5, Scala 2.12.18, Hadoop 3.3.4 (executor 1),"
                        + " expected the same everywhere",
                "the same Spark");
    }

    private static JvmFacts driverOf(String spark, String scala, String hadoop) {
        return Jvm.named("driver").versions(spark, scala, hadoop).facts();
    }

    @Test
    void openFilesAreEnough() {
        assertOk(OpenFilesCheck.judge(WELL), "at most 65536");
        assertFinding(
                OpenFilesCheck.judge(
                        List.of(DRIVER, Jvm.named("executor 1").openFiles(1_024).facts())),
                Verdict.WARN,
                "at most 1024 (executor 1), at most 65536 (driver), expected 4096 or more",
                "ulimit -n 65536");
    }

    @Test
    void noClassIsThereTwice() {
        assertOk(DuplicatesCheck.judge(WELL), "none among the libraries that matter, on the driver and 1 executor");

        Clash other = new Clash("protobuf-java-2.5.0.jar", "aisle.jar", 12, "com.google.protobuf.Any", false, true);
        Clash copy =
                new Clash("jackson-core-2.15.2.jar", "aisle.jar", 1, "com.fasterxml.jackson.core.Base64", true, true);
        Clash clusters =
                new Clash("netty-all-4.1.17.jar", "bundle-2.23.jar", 3, "io.netty.channel.Channel", false, false);
        JvmFacts both = Jvm.named("executor 1").duplicates(other, copy).facts();
        JvmFacts one = Jvm.named("executor 1").duplicates(copy).facts();
        JvmFacts own = Jvm.named("executor 1").duplicates(clusters, copy).facts();
        assertFinding(
                DuplicatesCheck.judge(List.of(DRIVER, both)),
                Verdict.FAIL,
                "different versions: 12 classes in protobuf-java-2.5.0.jar and in aisle.jar, such as com.google.protobuf.Any"
                        + " (executor 1), expected each class once",
                "Leave one of the jars out");
        assertFinding(
                DuplicatesCheck.judge(List.of(DRIVER, own)),
                Verdict.WARN,
                "different versions among the cluster's own jars: 3 classes in netty-all-4.1.17.jar and in bundle-2.23.jar, such as"
                        + " io.netty.channel.Channel (executor 1), expected each class once",
                "Every job of this cluster runs with both");
        assertFinding(
                DuplicatesCheck.judge(List.of(DRIVER, one)),
                Verdict.WARN,
                "copies: 1 class in jackson-core-2.15.2.jar and in aisle.jar, such as com.fasterxml.jackson.core.Base64"
                        + " (executor 1), expected each class once",
                "Harmless as long as they stay the same");
    }

    @Test
    void temporarySpaceHoldsThreeModels() {
        long model = 2 * GIGABYTE;
        assertOk(
                TemporarySpaceCheck.judge(model, WELL),
                "51,200 MB free or more on the driver and 1 executor; needs 3 × the model, 6,144 MB, and 1,024 MB for the work");

        String expected = " free), expected 3 × the model, 6,144 MB, and 1,024 MB for the work";
        assertFinding(
                TemporarySpaceCheck.judge(
                        model,
                        List.of(
                                DRIVER,
                                Jvm.named("executor 1")
                                        .temporary(5 * GIGABYTE, "")
                                        .facts())),
                Verdict.FAIL,
                "too small: spark.local.dir /tmp/blockmgr-1 of executor 1 (5,120 MB" + expected,
                "--conf spark.local.dir=DIR");
        assertFinding(
                TemporarySpaceCheck.judge(
                        model,
                        List.of(Jvm.named("driver")
                                .temporary(6 * GIGABYTE + 1, "")
                                .facts())),
                Verdict.WARN,
                "small: spark.local.dir /tmp/blockmgr-1 of driver (6,145 MB" + expected,
                "--conf spark.local.dir=DIR");
        assertFinding(
                TemporarySpaceCheck.judge(
                        0,
                        List.of(Jvm.named("driver")
                                .temporary(0, "Read-only file system")
                                .facts())),
                Verdict.FAIL,
                "cannot write to spark.local.dir /tmp/blockmgr-1 of driver (Read-only file system), expected room there",
                "Name a larger disk");
    }

    @Test
    void executorsAreThoseAskedForAndNoCoreStandsIdle() {
        assertOk(
                ExecutorsCheck.judge(spread(3, 3, 200)),
                "yarn, deploy mode cluster: 3 executors, 24 tasks at once of 1 core each, 200 shuffle partitions, dynamic"
                        + " allocation off, speculation off");
        assertFinding(
                ExecutorsCheck.judge(spread(4, 3, 200)),
                Verdict.WARN,
                "yarn, deploy mode cluster: 3 executors, 24 tasks at once of 1 core each, 200 shuffle partitions, dynamic"
                        + " allocation off, speculation off, expected 4 executors",
                "Wait until the cluster has room");
        assertThat(ExecutorsCheck.judge(spread(3, 3, 16)).remedy())
                .isEqualTo("Set -- --conf spark.sql.shuffle.partitions=48, or cores stand idle.");
    }

    private static Spread spread(int asked, int answered, int shufflePartitions) {
        return new Spread("yarn", "cluster", asked, answered, 24, 1, shufflePartitions, false, false);
    }

    @Test
    void executorsReachWhatTheDriverReaches() {
        Place place = new Place("output", Optional.of("hdfs://nn/out"), Use.PUBLISH);
        assertOk(
                StorageCheck.fromExecutors("storage: output", place, "hdfs://nn/out: writable", WELL, false),
                "hdfs://nn/out: writable");

        JvmFacts cut = Jvm.named("executor 1")
                .unreachable(
                        "hdfs://nn/out",
                        "Cannot reach hdfs://nn/out: found no answer (timeout), expected one. Check the network.")
                .facts();
        assertFinding(
                StorageCheck.fromExecutors("storage: output", place, "", List.of(cut), false),
                Verdict.FAIL,
                "Cannot reach hdfs://nn/out: found no answer (timeout), expected one",
                "Check the network. (executor 1 on host-of-executor-1)");
        Place disk = new Place("output", Optional.of("/data/out"), Use.PUBLISH);
        assertFinding(
                StorageCheck.fromExecutors(
                        "storage: output",
                        disk,
                        "/data/out: writable",
                        List.of(Jvm.well("executor 1"), Jvm.well("executor 2")),
                        true),
                Verdict.WARN,
                "/data/out: writable, on a disk, with executors on 2 machines, expected a place that all of them share",
                "Use hdfs:, s3a: or gs:");
    }

    @Test
    void objectStoresThatRenameWantCommittersOfTheirOwn() {
        Configuration plain = new Configuration(false);
        assertOk(
                CommitterCheck.renaming("committer: output", "hdfs", plain),
                "files are renamed into place, which this file system can do");
        assertFinding(
                CommitterCheck.renaming("committer: output", "gs", plain),
                Verdict.WARN,
                "files on gs: are renamed into place one by one, expected a committer for object stores",
                "conf/dataproc/spark.properties");
        assertFinding(
                CommitterCheck.renaming("committer: output", "s3", plain),
                Verdict.WARN,
                "files on s3: are renamed into place one by one, expected a committer for object stores",
                "Write to s3a:");
        Configuration manifest = new Configuration(false);
        manifest.set(
                "mapreduce.outputcommitter.factory.scheme.gs",
                "org.apache.hadoop.mapreduce.lib.output.committer.manifest.ManifestCommitterFactory");
        assertOk(
                CommitterCheck.renaming("committer: output", "gs", manifest),
                "the manifest committer renames files into place");
    }

    @Test
    void credentialsLastAsLongAsTheJob() {
        assertOk(
                identity("settings", false, false, null),
                "key …0001 from fs.s3a.access.key, where Spark also puts that of the environment");
        assertOk(
                identity("InstanceProfileCredentialsProvider", true, true, NOW.plusSeconds(60)),
                "key …0001 from InstanceProfileCredentialsProvider, until 2026-01-01T00:01:00Z");
        assertFinding(
                identity("EnvironmentVariableCredentialsProvider", true, false, null),
                Verdict.WARN,
                "key …0001 from EnvironmentVariableCredentialsProvider, temporary keys that nobody renews during the run",
                "use a role");
        assertFinding(
                identity("ProcessCredentialsProvider", false, false, NOW.plusSeconds(3_599)),
                Verdict.WARN,
                "key …0001 from ProcessCredentialsProvider, until 2026-01-01T00:59:59Z, less than an hour",
                "Fetch new ones");
        assertFinding(
                identity("ProcessCredentialsProvider", true, true, NOW.minusSeconds(1)),
                Verdict.FAIL,
                "key …0001 from ProcessCredentialsProvider, until 2025-12-31T23:59:59Z, expected keys that have not ended",
                "Fetch new ones");
    }

    private static Finding identity(String provider, boolean isTemporary, boolean isRenewed, Instant expires) {
        return CredentialsCheck.judge(
                "credentials",
                new S3Identity(provider, "0001", isTemporary, isRenewed, Optional.ofNullable(expires)),
                NOW);
    }

    @Test
    void clocksAgree() {
        assertThat(ClockCheck.skew(10_000, 11_000, 9_500))
                .as("a header without fractions")
                .isZero();
        assertThat(ClockCheck.skew(10_000, 11_000, 11_001)).isEqualTo(Duration.ofMillis(1));
        assertThat(ClockCheck.skew(10_000, 11_000, 8_000)).isEqualTo(Duration.ofSeconds(1));

        assertOk(ClockCheck.judge("clock", "S3", Duration.ofSeconds(30)), "the clock of S3 is 30 s from the driver's");
        assertFinding(
                ClockCheck.judge("clock", "executor 1", Duration.ofSeconds(31)),
                Verdict.WARN,
                "the clock of executor 1 is 31 s from the driver's, expected less than 30 s",
                "NTP");
        assertFinding(
                ClockCheck.judge("clock", "S3", Duration.ofSeconds(301)),
                Verdict.FAIL,
                "the clock of S3 is 301 s from the driver's, expected less than 300 s: S3 refuses signatures that are 15"
                        + " minutes off, Kerberos tickets 5",
                "NTP");
    }

    @Test
    void enginesAgree() {
        assertOk(
                ParityCheck.judge(new EngineParity(19, List.of(), 3e-7f, "probe-1")),
                "the same token ids, probabilities apart by up to 3.0e-07 of 19 probes");
        assertFinding(
                ParityCheck.judge(new EngineParity(19, List.of(), 2e-4f, "probe-7")),
                Verdict.FAIL,
                "the same token ids, probabilities apart by up to 2.0e-04 (probe-7) of 19 probes, expected 1e-04 at most",
                "Use --engine onnx");
        assertThat(ParityCheck.judge(new EngineParity(19, List.of(), Float.NaN, "probe-7"))
                        .verdict())
                .isEqualTo(Verdict.FAIL);
        assertFinding(
                ParityCheck.judge(new EngineParity(19, List.of("probe-2", "probe-3"), 0, "")),
                Verdict.FAIL,
                "other token ids by Spark NLP for probe-2, probe-3 of 19 probes, expected those of the bundle's vocabulary",
                "Use --engine onnx");
    }

    @Test
    void aRefusalIsTakenApartAndHidesSecrets() {
        Finding apart = Finding.fail(
                "storage",
                new UserException(
                        "Cannot read s3a://key:hunter2@b/x.y: found no answer (a. B), expected one. Check this. And that."),
                "unused");

        assertThat(apart)
                .isEqualTo(new Finding(
                        "storage",
                        Verdict.FAIL,
                        "Cannot read s3a://(hidden)@b/x.y: found no answer (a. B), expected one",
                        "Check this. And that."));
        assertThat(Finding.fail("storage", new UserException("short"), "Look."))
                .isEqualTo(new Finding("storage", Verdict.FAIL, "short", "Look."));
    }
}
