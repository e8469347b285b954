package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.process.PublishedRows.Difference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nightly jobs over one output at once: one publishes, the other is refused, and what is published is of one of them alone. */
class TwoRunsIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int MAX_OFFSET_MILLIS = 3_000;
    private static final String OTHER = "other";

    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void oneOfTwoRunsPublishes(long seed) throws Exception {
        requireOnePublishes("two runs at once", seed, OTHER);
    }

    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void oneOfTwoTriesOfOneRunPublishes(long seed) throws Exception {
        requireOnePublishes("one run twice at once", seed, Nights.SECOND);
    }

    /** Nobody gets past the swap of CURRENT until one of the two was refused. */
    private static void requireOnePublishes(String fault, long seed, String otherRunId) throws Exception {
        Path output = Nights.copyOfOutput(otherRunId + "-at-once-" + seed);
        long start = System.nanoTime();
        FileHold hold = FileHold.of(output, "CURRENT");
        try (hold;
                AisleProcess first = start(output, Nights.SECOND)) {
            Thread.sleep(new Random(seed).nextInt(MAX_OFFSET_MILLIS));
            try (AisleProcess second = start(output, otherRunId)) {
                AisleProcess loser = awaitEnd(first, second);
                AisleProcess winner = loser == first ? second : first;
                assertThat(loser.exitCode(LIMIT)).as("%s", loser).isEqualTo(4);
                assertThat(loser.err())
                        .contains("Cannot start run ")
                        .contains(" at work there, expected none. Wait until it has ended; if it hangs, end it.");
                assertThat(winner.isAlive()).isTrue();
                assertThat(PublishedRows.current(output.toString())).isEqualTo(Nights.FIRST);
                hold.close();

                requireWhole(fault, start, output, winner, winner == first ? Nights.SECOND : otherRunId);
            }
        }
    }

    /** The claim is only there to save work: without it, the swap decides. */
    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void oneOfTwoRunsPublishesWhereTheClaimWasRemoved(long seed) throws Exception {
        Path output = Nights.copyOfOutput("unclaimed-" + seed);
        long start = System.nanoTime();
        FileHold hold = FileHold.of(output, "CURRENT");
        try (hold;
                AisleProcess first = start(output, Nights.SECOND)) {
            first.awaitLine("checked; publishing run", LIMIT);
            Thread.sleep(new Random(seed).nextInt(MAX_OFFSET_MILLIS));
            Files.delete(output.resolve("RUNNING"));
            try (AisleProcess second = start(output, OTHER)) {
                second.awaitLine("checked; publishing run", LIMIT);
                assertThat(first.isAlive()).isTrue();
                hold.close();
                AisleProcess winner = first.exitCode(LIMIT) == 0 ? first : second;
                AisleProcess loser = winner == first ? second : first;
                assertThat(loser.exitCode(LIMIT)).as("%s", loser).isEqualTo(4);
                assertThat(loser.err()).contains("Cannot publish ").contains("Nothing was changed; run again");

                requireWhole(
                        "two runs at once, the claim removed",
                        start,
                        output,
                        winner,
                        winner == first ? Nights.SECOND : OTHER);
            }
        }
    }

    private static void requireWhole(String fault, long start, Path output, AisleProcess winner, String runId)
            throws InterruptedException {
        assertThat(winner.exitCode(LIMIT)).as("%s", winner).isZero();
        double seconds = (System.nanoTime() - start) / 1e9;
        PublishedRows published = PublishedRows.of(output.toString());
        assertThat(published.runId()).isEqualTo(runId);
        Difference difference = published.differenceTo(Nights.afterSecond());
        FaultTable.add(fault, difference, seconds);
        assertThat(difference).isEqualTo(Difference.NONE);
    }

    private static AisleProcess awaitEnd(AisleProcess one, AisleProcess other) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (one.isAlive() && other.isAlive()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("neither ended\n" + one + "\n" + other);
            }
            Thread.sleep(20);
        }
        return one.isAlive() ? other : one;
    }

    private static AisleProcess start(Path output, String runId) {
        return AisleProcess.start(Map.of(), List.copyOf(Nights.SUBMIT), Nights.second(output.toString(), runId));
    }
}
