package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.process.PublishedRows.Difference;
import java.nio.file.Path;

/** What has to hold when something went wrong in the second of the {@link Nights}. */
final class Aftermath {
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

    /** The same command again makes it good, from this process. */
    static void recover(String fault, Path output, boolean isPublished) {
        long start = System.nanoTime();
        AisleRun again = AisleRun.succeeding(Nights.second(output.toString(), Nights.SECOND));
        double seconds = secondsSince(start);
        assertThat(again.out()).contains(saysWhenDone(isPublished));
        requireSecondNight(fault, output.toString(), Nights.SECOND, seconds);
    }

    /** What the same command says at last. */
    static String saysWhenDone(boolean isPublished) {
        return isPublished ? "run " + Nights.SECOND + " is published already" : "published run " + Nights.SECOND + ": ";
    }

    static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
