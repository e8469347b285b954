package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.generate.Draws.Purpose;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DrawsTest {
    /** The first outputs of the published SplitMix64 for state 1234567. */
    @Test
    void drawsAreThoseOfThePublishedAlgorithm() {
        Draws draws = new Draws(1_234_567);

        assertThat(draws.unit()).isEqualTo((6_457_827_717_110_365_317L >>> 11) * 0x1.0p-53);
        assertThat(draws.unit()).isEqualTo((3_203_168_211_198_807_973L >>> 11) * 0x1.0p-53);
    }

    @Test
    void streamsOfOtherRowsAndPurposesDiffer() {
        double unit = Draws.of(1, 2, Purpose.CONTENT).unit();

        assertThat(Draws.of(1, 2, Purpose.CONTENT).unit()).isEqualTo(unit);
        assertThat(Draws.of(1, 3, Purpose.CONTENT).unit()).isNotEqualTo(unit);
        assertThat(Draws.of(1, 2, Purpose.FAULTS).unit()).isNotEqualTo(unit);
        assertThat(Draws.of(2, 2, Purpose.CONTENT).unit()).isNotEqualTo(unit);
    }

    @Test
    void everyValueIsDrawnAboutAsOften() {
        Draws draws = new Draws(5);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[draws.pick(List.of(0, 1, 2, 3, 4, 5, 6))]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(9_500, 10_500);
        }
    }

    @Test
    void boundsBeyondIntAreReached() {
        Draws draws = new Draws(6);
        for (int i = 0; i < 1_000; i++) {
            assertThat(draws.below(1L << 40)).isBetween(0L, (1L << 40) - 1);
        }
        assertThat(new Draws(7).below(1L << 40)).isGreaterThan(Integer.MAX_VALUE);
    }

    @Test
    void placesAreEvenlySpreadOverAnyRun() {
        for (long start : new long[] {0, 1_000, 999_999_990_000L}) {
            int low = 0;
            for (long index = start; index < start + 1_000; index++) {
                if (Draws.spread(42, index) < 0.01) {
                    low++;
                }
            }
            assertThat(low).isCloseTo(10, Offset.offset(2));
        }
    }
}
