package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.TestSession;
import io.aisle.batch.process.FaultProxy.Fault;
import io.aisle.batch.process.FaultProxy.Held;
import io.aisle.batch.storage.Directory;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The nightly job, killed over an output on S3 while one of its requests is on its way. */
class ClassifyKillsOnS3IT {
    private static final String BUCKET = "kills";
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int MAX_DELAY_MILLIS = 300;

    /** A claim that is waited for is read once a second for 35 s. */
    private static final int MANY_READS = 30;

    private static S3Server server;

    @BeforeAll
    static void startsServer() throws IOException, InterruptedException {
        server = S3Server.start("kills", BUCKET);
        S3Server.configure(TestSession.get().sparkContext().hadoopConfiguration(), BUCKET, server.endpoint());
    }

    @AfterAll
    static void stopsServer() {
        if (server != null) {
            server.close();
        }
    }

    /**
     * Odd seeds kill it while a part is uploaded, which is lost; even ones while the committer completes an upload, which arrives when the
     * next try has published.
     */
    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void killedWhileItWritesItLeavesTheOldRun(long seed) throws Exception {
        String output = copyOfOutput("writing-" + seed);
        Predicate<String> condition = seed % 2 == 0
                ? request -> isOfPredictions(request, "POST", "?uploadId=")
                : request -> isOfPredictions(request, "PUT", "partNumber=");
        try (FaultProxy proxy = FaultProxy.to(server.endpoint())) {
            Held held = kill(proxy, seed, output, first(condition));
            if (seed % 2 != 0) {
                held.drop();
            }
            Aftermath.requirePublished(Nights.afterFirst(), output);
            recover("S3: driver kill -9 while predictions are written", proxy, output, false);
            if (seed % 2 == 0) {
                held.release();
                held.awaitAnswer(LIMIT);
                Aftermath.requirePublished(Nights.afterSecond(), output);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void aSwapThatNeverArrivesLeavesTheOldRun(long seed) throws Exception {
        String output = copyOfOutput("lost-swap-" + seed);
        try (FaultProxy proxy = FaultProxy.to(server.endpoint())) {
            Held held = kill(proxy, seed, output, firstSwap(output));
            held.drop();

            Aftermath.requirePublished(Nights.afterFirst(), output);
            recover("S3: driver kill -9, its swap of CURRENT lost", proxy, output, false);
        }
    }

    /** Odd seeds let the swap through before the same command is given again, even ones after that published. */
    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void aSwapThatArrivesAfterItsProcessDiedIsWholeOrIsRefused(long seed) throws Exception {
        String output = copyOfOutput("late-swap-" + seed);
        String fault = "S3: driver kill -9, its swap of CURRENT late";
        try (FaultProxy proxy = FaultProxy.to(server.endpoint())) {
            Held held = kill(proxy, seed, output, firstSwap(output));
            if (seed % 2 == 0) {
                recover(fault, proxy, output, false);
                String current = directory(output).read("CURRENT");
                held.release();
                held.awaitAnswer(LIMIT);
                assertThat(directory(output).read("CURRENT")).isEqualTo(current);
                Aftermath.requirePublished(Nights.afterSecond(), output);
            } else {
                held.release();
                held.awaitAnswer(LIMIT);
                Aftermath.requirePublished(Nights.afterSecond(), output);
                recover(fault, proxy, output, true);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void aSwapThatArrivesWhileTheNextTryIsAtWorkIsRefused(long seed) throws Exception {
        String output = copyOfOutput("swap-between-" + seed);
        try (FaultProxy proxy = FaultProxy.to(server.endpoint())) {
            Held late = kill(proxy, seed, output, firstSwap(output));
            long start = System.nanoTime();
            Held writing = proxy.hold(request -> isOfPredictions(request, "PUT", "partNumber="));
            try (AisleProcess process = start(proxy, output)) {
                writing.awaitRequest(LIMIT);
                late.release();
                late.awaitAnswer(LIMIT);
                Aftermath.requirePublished(Nights.afterFirst(), output);
                writing.release();

                assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            }
            Aftermath.requireSecondNight(
                    "S3: driver kill -9, its swap of CURRENT arrives while the next try is at work",
                    output,
                    Nights.SECOND,
                    Aftermath.secondsSince(start));
        }
    }

    private static boolean isOfPredictions(String request, String method, String query) {
        return request.startsWith(method + " ")
                && request.contains("/runs/" + Nights.SECOND + "/predictions/part-")
                && request.contains(query);
    }

    private static Predicate<String> firstSwap(String output) {
        return first(("PUT " + output.replace("s3a:/", "") + "/CURRENT")::equals);
    }

    private static Predicate<String> first(Predicate<String> condition) {
        AtomicBoolean isFirst = new AtomicBoolean(true);
        return request -> condition.test(request) && isFirst.getAndSet(false);
    }

    /** Kills the job while a request like that is held. */
    private static Held kill(FaultProxy proxy, long seed, String output, Predicate<String> condition)
            throws InterruptedException {
        Held held = proxy.hold(condition);
        try (AisleProcess process = start(proxy, output)) {
            held.awaitRequest(LIMIT);
            Thread.sleep(new Random(seed).nextInt(MAX_DELAY_MILLIS));
            process.kill();
        }
        assertThat(PublishedRows.current(output)).isEqualTo(Nights.FIRST);
        assertThat(directory(output).has("RUNNING")).isTrue();
        return held;
    }

    private static void recover(String fault, FaultProxy proxy, String output, boolean isPublished)
            throws InterruptedException {
        // counts, and harms none
        proxy.inject(Fault.DELAY, Integer.MAX_VALUE, 1, request -> request.matches("GET .*/RUNNING"));
        long start = System.nanoTime();
        try (AisleProcess process = start(proxy, output)) {
            process.awaitLine(Aftermath.saysWhenDone(isPublished), LIMIT);
            double seconds = Aftermath.secondsSince(start);
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            Aftermath.requireSecondNight(fault, output, Nights.SECOND, seconds);
        }
        assertThat(proxy.requests()).as("reads of RUNNING").isLessThan(MANY_READS);
    }

    private static AisleProcess start(FaultProxy proxy, String output) {
        return AisleProcess.start(
                S3Server.environment(), S3Server.submitOptions(proxy.endpoint()), Nights.second(output, Nights.SECOND));
    }

    private static String copyOfOutput(String name) {
        String output = "s3a://" + BUCKET + "/" + name;
        directory(output).copyFrom(Nights.output(), "CURRENT");
        return output;
    }

    private static Directory directory(String uri) {
        return Directory.of(TestSession.get(), uri);
    }
}
