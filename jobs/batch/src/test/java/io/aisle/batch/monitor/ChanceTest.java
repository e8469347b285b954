package io.aisle.batch.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ChanceTest {
    @Test
    void knowsTheQuantilesOfTheTables() {
        assertThat(Chance.ofChiSquare(3.841459, 1)).isEqualTo(0.05, within(1e-6));
        assertThat(Chance.ofChiSquare(18.307038, 10)).isEqualTo(0.05, within(1e-6));
        assertThat(Chance.ofChiSquare(0, 3)).isOne();
        assertThat(Chance.ofNormal(-1.959964, 1)).isEqualTo(0.05, within(1e-6));
    }

    @Test
    void comparesTwoShares() {
        // 0.6 and 0.4 of 100, less half of 1/100 + 1/100; pooled 0.5: 0.19 / sqrt(0.25 * 0.02) = 2.687
        assertThat(Chance.ofShares(60, 100, 40, 100)).isEqualTo(0.00721, within(1e-5));
        assertThat(Chance.ofShares(50, 100, 50, 100)).isOne();
        assertThat(Chance.ofShares(0, 100, 0, 100)).isOne();
        assertThat(Chance.ofShares(1, 0, 1, 2)).isNaN();
    }

    @Test
    void ofManyTheSmallestIsTimesAllAndNoneIsBelowOneBefore() {
        assertThat(Chance.ofAll(new double[] {0.04, Double.NaN, 0.01, 0.03}))
                .containsExactly(new double[] {0.06, Double.NaN, 0.03, 0.06}, within(1e-12));
    }
}
