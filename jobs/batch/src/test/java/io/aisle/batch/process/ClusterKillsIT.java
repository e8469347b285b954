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

    /** One task an executor, and none waits for the executor that has its rows: both have work, whichever is struck. */
    private static final List<String> SPREAD =
            List.of("--conf", "spark.executor.cores=1", "--conf", "spark.locality.wait=0s");

    /** What befalls a cluster while a driver scores. */
    private interface Blow<C extends Cluster> {
        void strike(C cluster, AisleProcess driver) throws IOException, InterruptedException;
    }

    @ParameterizedTest
    @EnumSource(
            value = Cluster.Kind.class,
            names = {"LOCAL_CLUSTER", "STANDALONE", "YARN_CLIENT"})
    void losesNothingWithAnExecutorThatIsKilled(Cluster.Kind kind) throws Exception {
        String name = "executor-" + kind;
        String fault = "executor kill -9 while it scores"
                + (kind == Cluster.Kind.LOCAL_CLUSTER ? "" : ", " + kind.name().toLowerCase(Locale.ROOT));
        for (long seed : Nights.seeds()
                .limit(kind == Cluster.Kind.LOCAL_CLUSTER ? Long.MAX_VALUE : 1)
                .toArray()) {
            try (Cluster cluster = kind.start(name)) {
                List<String> submit = new ArrayList<>(EVENTS);
                submit.addAll(SPREAD);
                String events = strike(fault, cluster, name + seed, submit, (ignored, driver) -> {
                    Thread.sleep(new Random(seed).nextInt(300));
                    ProcessHandle victim = cluster.executors(driver).get(new Random(seed).nextInt(2));
                    // it holds on to its tasks until it dies
                    AisleProcess.freeze(victim);
                    Thread.sleep(1_000);
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
            String events = strike("node manager stopped while it scores", cluster, name, submit, (yarn, driver) -> {
                // it holds on to its tasks until its node manager ends it
                ProcessHandle victim = cluster.executors(driver).get(0);
                AisleProcess.freeze(victim);
                Thread.sleep(1_000);
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
        try (YarnCluster cluster = YarnCluster.start(Fixtures.fresh(name), "cluster")) {
            strike("application master kill -9, cluster mode", cluster, name, List.of(), (yarn, driver) -> {
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
            String events = strike("speculation and dynamic allocation", cluster, name, submit, (spark, driver) -> {
                ProcessHandle slow = cluster.executors(driver).get(0);
                AisleProcess.freeze(slow);
                Thread.sleep(4_000);
                AisleProcess.resume(slow);
            });

            assertThat(events).contains("\"Speculative\":true");
        }
    }

    /** Runs the second night; strikes when it scores; gives its events. */
    private static <C extends Cluster> String strike(
            String fault, C cluster, String name, List<String> submit, Blow<C> blow) throws Exception {
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
            blow.strike(cluster, driver);
            assertThat(driver.exitCode(LIMIT)).as("%s", driver).isZero();
        }
        Aftermath.requireSecondNight(fault, output.toString(), Nights.SECOND, Aftermath.secondsSince(start));
        return text(events);
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
