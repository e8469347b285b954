package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The nightly job on clusters that lose a part while it scores: the run is the same, and nobody has to do anything. */
class ClusterKillsIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final List<String> EVENTS =
            List.of("--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.compress=false");

    private static final String SPECULATED = "\"Speculative\":true";

    /** One task an executor, and none waits for the executor that has its rows: both have work, whichever is struck. */
    private static final List<String> SPREAD =
            List.of("--conf", "spark.executor.cores=1", "--conf", "spark.locality.wait=0s");

    /** An event log that did not grow for so long is that of a driver that waits. */
    private static final Duration STANDSTILL = Duration.ofSeconds(3);

    /** What befalls a cluster while a driver scores. */
    private interface Blow {
        /** @param events where the driver logs them */
        void strike(AisleProcess driver, Path events) throws IOException, InterruptedException;
    }

    @ParameterizedTest
    @EnumSource(
            value = Cluster.Kind.class,
            names = {"STANDALONE", "YARN_CLIENT"})
    void losesNothingWithAnExecutorThatIsKilled(Cluster.Kind kind) throws Exception {
        String name = "executor-" + kind;
        String fault = "executor kill -9 while it scores"
                + (kind == Cluster.Kind.STANDALONE ? "" : ", " + kind.name().toLowerCase(Locale.ROOT));
        for (long seed : Nights.seeds()
                .limit(kind == Cluster.Kind.STANDALONE ? Long.MAX_VALUE : 1)
                .toArray()) {
            try (Cluster cluster = kind.start(name)) {
                List<String> submit = new ArrayList<>(EVENTS);
                submit.addAll(SPREAD);
                String events = strike(fault, cluster, name + seed, submit, (driver, log) -> {
                    Thread.sleep(new Random(seed).nextInt(300));
                    ProcessHandle victim = twoExecutors(cluster, driver).get(new Random(seed).nextInt(2));
                    // it holds on to its tasks until it dies
                    AisleProcess.freeze(victim);
                    awaitStandstill(driver, log);
                    assertThat(PublishedRows.current(output(name + seed))).isEqualTo(Nights.FIRST);
                    victim.destroyForcibly();
                    victim.onExit().join();
                });

                assertThat(events).contains("SparkListenerExecutorRemoved").contains("ExecutorLostFailure");
            }
        }
    }

    @Test
    void losesNothingWithNodeManagerThatStops() throws Exception {
        String name = "node-manager";
        try (YarnCluster cluster = YarnCluster.start(Fixtures.fresh(name), "client")) {
            List<String> submit = new ArrayList<>(EVENTS);
            submit.addAll(SPREAD);
            String events = strike("node manager stopped while it scores", cluster, name, submit, (driver, log) -> {
                // it holds on to its tasks until its node manager ends it
                ProcessHandle victim = twoExecutors(cluster, driver).get(0);
                AisleProcess.freeze(victim);
                awaitStandstill(driver, log);
                assertThat(PublishedRows.current(output(name))).isEqualTo(Nights.FIRST);
                cluster.stopNode(YarnCluster.nodeOf(victim));
                assertThat(victim.isAlive()).isFalse();
            });

            assertThat(events).contains("SparkListenerExecutorRemoved");
        }
    }

    @Test
    void isStartedAgainByYarnWhereItsDriverIsKilled() throws Exception {
        String name = "application-master";
        try (YarnCluster cluster = YarnCluster.shared("cluster")) {
            strike("application master kill -9, cluster mode", cluster, name, List.of(), (driver, log) -> {
                ProcessHandle victim = cluster.applicationMasters().get(0);
                AisleProcess.freeze(victim);
                assertThat(PublishedRows.current(output(name))).isEqualTo(Nights.FIRST);
                victim.destroyForcibly();
                victim.onExit().join();
            });

            assertThat(cluster.driversThatSaid("scoring ")).isEqualTo(2);
        }
    }

    /** A task that stands still is run again elsewhere, and both may end; executors come and go. */
    @Test
    void speculationAndDynamicAllocationChangeNothing() throws Exception {
        String name = "speculation";
        List<String> submit = new ArrayList<>(EVENTS);
        submit.addAll(SPREAD);
        for (String setting : List.of(
                "spark.speculation=true",
                "spark.speculation.interval=100ms",
                "spark.speculation.multiplier=1.1",
                "spark.speculation.quantile=0.1",
                "spark.speculation.minTaskRuntime=0ms",
                "spark.dynamicAllocation.enabled=true",
                "spark.dynamicAllocation.shuffleTracking.enabled=true",
                "spark.dynamicAllocation.minExecutors=2",
                "spark.executor.memory=800m")) {
            submit.addAll(List.of("--conf", setting));
        }
        try (StandaloneCluster cluster = StandaloneCluster.start(Fixtures.fresh(name))) {
            String events = strike("speculation and dynamic allocation", cluster, name, submit, (driver, log) -> {
                ProcessHandle slow = twoExecutors(cluster, driver).get(0);
                AisleProcess.freeze(slow);
                await(driver, "no task was speculated", () -> text(log).contains(SPECULATED));
                AisleProcess.resume(slow);
            });

            assertThat(events).contains(SPECULATED);
        }
    }

    /** Runs the second night; strikes when it scores; gives its events. */
    private static String strike(String fault, Cluster cluster, String name, List<String> submit, Blow blow)
            throws Exception {
        Path output = Nights.copyOfOutput(name);
        Path events = Files.createDirectories(output.resolveSibling("events-" + name));
        Map<String, String> environment = new HashMap<>(cluster.environment());
        environment.put("AISLE_EVENT_LOG", events.toString());
        List<String> options = new ArrayList<>(cluster.submit());
        options.addAll(submit);
        long start = System.nanoTime();
        try (AisleProcess driver =
                AisleProcess.start(environment, options, Nights.second(output.toString(), Nights.SECOND))) {
            if (cluster instanceof YarnCluster yarn && yarn.runsDrivers()) {
                yarn.awaitDriverLine("scoring ");
            } else {
                driver.awaitLine("scoring ", LIMIT);
            }
            blow.strike(driver, events);
            assertThat(driver.exitCode(LIMIT)).as("%s", driver).isZero();
        }
        Aftermath.requireSecondNight(fault, output.toString(), Nights.SECOND, Aftermath.secondsSince(start));
        return text(events);
    }

    /** Executors may still be starting when the first has work. */
    private static List<ProcessHandle> twoExecutors(Cluster cluster, AisleProcess driver)
            throws IOException, InterruptedException {
        await(
                driver,
                "there are not two executors",
                () -> cluster.executors(driver).size() == 2);
        return cluster.executors(driver);
    }

    /** Waits until the driver can do nothing more without what stands still. */
    private static void awaitStandstill(AisleProcess driver, Path events) throws IOException, InterruptedException {
        long[] seen = {-1, System.nanoTime()};
        await(driver, "the run does not come to a standstill", () -> {
            long size = text(events).length();
            if (size != seen[0]) {
                seen[0] = size;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > STANDSTILL.toNanos();
        });
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(AisleProcess driver, String failure, Condition condition)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (!driver.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError(failure + "\n" + driver);
            }
            Thread.sleep(100);
        }
    }

    private static String output(String name) {
        return Nights.output().resolveSibling("tries").resolve(name).toString();
    }

    private static String text(Path events) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(events)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
