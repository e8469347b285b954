package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultinomialTest {
    /** Means of 1.5, 4 and 9.9 are drawn by inversion, the rest by rejection, the last two by way of the complement. */
    @ParameterizedTest
    @CsvSource({
        "5, 0.3",
        "1000, 0.004",
        "33, 0.3",
        "20, 0.5",
        "35, 0.3",
        "1000, 0.2",
        "100000, 0.001",
        "40, 0.7",
        "30, 0.97"
    })
    void drawsAsTheBinomialDistributionSays(int trials, double probability) {
        int draws = 1_000_000;
        SplittableRandom random = new SplittableRandom(11);
        long[] observed = new long[trials + 1];
        for (int i = 0; i < draws; i++) {
            observed[(int) Multinomial.binomial(random, trials, probability)]++;
        }

        // Pearson's chi-squared over outcomes expected 5 times or more, the rarer ones together
        double logOdds = Math.log(probability) - Math.log1p(-probability);
        double logMass = trials * Math.log1p(-probability);
        double statistic = 0;
        double rareExpected = 0;
        long rareObserved = 0;
        int freedom = 0;
        for (int k = 0; k <= trials; k++) {
            double expected = draws * Math.exp(logMass);
            if (expected >= 5) {
                statistic += square(observed[k] - expected) / expected;
                freedom++;
            } else {
                rareExpected += expected;
                rareObserved += observed[k];
            }
            logMass += Math.log((double) (trials - k) / (k + 1)) + logOdds;
        }
        statistic += square(rareObserved - rareExpected) / Math.max(rareExpected, 1);
        assertThat(statistic).isLessThan(freedom + 4 * Math.sqrt(2.0 * freedom));
    }

    @Test
    void drawsFromCountsFarTooGreatToDrawRowByRow() {
        long trials = 1L << 50;
        SplittableRandom random = new SplittableRandom(12);
        int draws = 20_000;
        double sum = 0;
        double squares = 0;
        // in standard deviations from the mean: sqrt(n p (1 - p)), n p
        double deviation = Math.sqrt(trials * 0.3 * 0.7);
        for (int i = 0; i < draws; i++) {
            double standard = (Multinomial.binomial(random, trials, 0.3) - trials * 0.3) / deviation;
            sum += standard;
            squares += standard * standard;
        }

        assertThat(sum / draws).isCloseTo(0, within(0.03));
        assertThat(squares / draws).isCloseTo(1, within(0.04));
    }

    @Test
    void succeedsAlwaysOrNeverWhereThatIsCertain() {
        assertThat(Multinomial.binomial(new SplittableRandom(1), 100, 0)).isZero();
        assertThat(Multinomial.binomial(new SplittableRandom(1), 100, 1)).isEqualTo(100);
    }

    @Test
    void drawsAsManyRowsAsThereAreAndNoneFromAnEmptyCell() {
        Multinomial rows = new Multinomial(new long[] {0, 700, 3, 0, 250, 47, 0}, 13);
        double[] sums = new double[7];
        for (int i = 0; i < 10_000; i++) {
            long[] drawn = rows.draw();
            assertThat(LongStream.of(drawn).sum()).isEqualTo(1_000);
            for (int cell = 0; cell < drawn.length; cell++) {
                sums[cell] += drawn[cell];
            }
        }

        // standard error of a cell's mean: sqrt(n p (1 - p) / draws), at most 0.15
        assertThat(sums[0] + sums[3] + sums[6]).isZero();
        assertThat(sums[1] / 10_000).isCloseTo(700, within(0.6));
        assertThat(sums[2] / 10_000).isCloseTo(3, within(0.07));
        assertThat(sums[4] / 10_000).isCloseTo(250, within(0.6));
        assertThat(sums[5] / 10_000).isCloseTo(47, within(0.3));
    }

    private static double square(double value) {
        return value * value;
    }
}
