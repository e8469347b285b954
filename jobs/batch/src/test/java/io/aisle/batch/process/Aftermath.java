package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.process.PublishedRows.Difference;
import java.time.Duration;
import java.util.function.Supplier;

/** What has to hold when something went wrong in the second of the {@link Nights}. */
final class Aftermath {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private Aftermath() {}

    /** Readers see that run, whole. */
    static void requirePublished(PublishedRows expected, String output) {
        PublishedRows published = PublishedRows.of(output);
        assertThat(published.runId()).isEqualTo(expected.runId());
        assertThat(published.differenceTo(expected)).isEqualTo(Difference.NONE);
    }

    /** Readers see what the second night has to give, under the id given; the try is noted in the {@link FaultTable}. */
    static void requireSecondNight(String fault, String output, String runId, double recoverySeconds) {
        PublishedRows published = PublishedRows.of(output);
        assertThat(published.runId()).isEqualTo(runId);
        Difference difference = published.differenceTo(Nights.afterSecond());
        FaultTable.add(fault, difference, recoverySeconds);
        assertThat(difference).isEqualTo(Difference.NONE);
    }

    /** The same command again makes it good. */
    static void recover(String fault, Supplier<AisleProcess> again, String output, boolean isPublished)
            throws InterruptedException {
        long start = System.nanoTime();
        try (AisleProcess process = again.get()) {
            process.awaitLine(
                    isPublished
                            ? "run " + Nights.SECOND + " is published already"
                            : "published run " + Nights.SECOND + ": ",
                    LIMIT);
            double seconds = secondsSince(start);
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            requireSecondNight(fault, output, Nights.SECOND, seconds);
        }
    }

    static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
