package io.aisle.batch.monitor;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.special.Gamma;

/** How probable a difference is where there is none but by chance. */
final class Chance {
    private Chance() {}

    /** The probability that chi-square is that large or larger. */
    static double ofChiSquare(double value, int degreesOfFreedom) {
        return value <= 0 ? 1 : Gamma.regularizedGammaQ(degreesOfFreedom / 2.0, value / 2);
    }

    /** Two-sided, of a difference and its standard deviation. */
    static double ofNormal(double difference, double deviation) {
        if (difference == 0) {
            return 1;
        }
        return Erf.erfc(Math.abs(difference) / deviation / Math.sqrt(2));
    }

    /**
     * Two-sided, of so many rows of all beside so many of others: the test of two proportions with Yates' correction (Fleiss 1981,
     * "Statistical methods for rates and proportions", section 2.2). NaN where one has no rows.
     */
    static double ofShares(long some, long all, long someBefore, long allBefore) {
        double inverse = 1.0 / all + 1.0 / allBefore;
        double pooled = (double) (some + someBefore) / (all + allBefore);
        double difference = Math.abs((double) some / all - (double) someBefore / allBefore) - inverse / 2;
        return difference <= 0 ? 1 : ofNormal(difference, Math.sqrt(pooled * (1 - pooled) * inverse));
    }

    /**
     * The p-values as they are when all are looked at together, so that the chance of any one under a level is at most that level (Holm
     * 1979, "A simple sequentially rejective multiple test procedure"). NaN stays NaN, and does not count.
     */
    static double[] ofAll(double[] pValues) {
        int[] order = IntStream.range(0, pValues.length)
                .filter(i -> !Double.isNaN(pValues[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> pValues[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = pValues.clone();
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            largest = Math.max(largest, Math.min(1, (order.length - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }
}
