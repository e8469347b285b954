package io.aisle.core.metric;

import java.util.SplittableRandom;

/**
 * Draws counts as if so many rows had been drawn with replacement from cells of known counts, in time that depends on
 * the number of cells, not of rows.
 *
 * <p>Cell after cell is drawn from its binomial distribution given the rows not yet placed (Davis 1993, "The computer
 * generation of multinomial random variates"). A binomial is drawn by inversion where its mean is below 10, and above
 * by transformed rejection (Hörmann 1993, "The generation of binomial random variates", algorithm BTRS). {@link
 * StrictMath} gives a seed the same draws on every machine.
 */
final class Multinomial {
    /** Below this mean, inversion is quicker and BTRS is not valid. */
    private static final double INVERSION_MEAN = 10;
    /** No binomial of mean below 10 gets here but by rounding (probability under 1e-60): drawn again. */
    private static final int INVERSION_LIMIT = 110;
    /** ln k! less Stirling's approximation of it, exactly for small k, where the series is poor. */
    private static final double[] STIRLING_REST = stirlingRest(10);

    private final long[] counts;
    private final long rows;
    private final SplittableRandom random;

    /** @param counts rows a cell, none negative */
    Multinomial(long[] counts, long seed) {
        this.counts = counts.clone();
        long sum = 0;
        for (long count : counts) {
            sum = Math.addExact(sum, count);
        }
        this.rows = sum;
        this.random = new SplittableRandom(seed);
    }

    /** As many rows as there are, drawn with replacement, long[cells]. */
    long[] draw() {
        long[] drawn = new long[counts.length];
        long toPlace = rows;
        long mass = rows;
        for (int cell = 0; cell < counts.length && toPlace > 0; cell++) {
            drawn[cell] = counts[cell] == mass ? toPlace : binomial(random, toPlace, (double) counts[cell] / mass);
            toPlace -= drawn[cell];
            mass -= counts[cell];
        }
        return drawn;
    }

    /** How many of so many trials succeed, each with a probability in [0, 1]. */
    static long binomial(SplittableRandom random, long trials, double probability) {
        if (probability > 0.5) {
            return trials - binomial(random, trials, 1 - probability);
        }
        if (probability <= 0) {
            return 0;
        }
        return trials * probability < INVERSION_MEAN
                ? invert(random, trials, probability)
                : transformAndReject(random, trials, probability);
    }

    private static long invert(SplittableRandom random, long trials, double probability) {
        double odds = probability / (1 - probability);
        double none = StrictMath.exp(trials * StrictMath.log1p(-probability));
        while (true) {
            double left = random.nextDouble();
            double mass = none;
            for (int k = 0; k <= Math.min(trials, INVERSION_LIMIT); k++) {
                if (left < mass) {
                    return k;
                }
                left -= mass;
                mass *= (trials - k) * odds / (k + 1);
            }
        }
    }

    /** Names as in the paper, whose constants fit a hat of two hyperbolas to any binomial of mean 10 or more. */
    private static long transformAndReject(SplittableRandom random, long n, double p) {
        double deviation = StrictMath.sqrt(n * p * (1 - p));
        double b = 1.15 + 2.53 * deviation;
        double a = -0.0873 + 0.0248 * b + 0.01 * p;
        double c = n * p + 0.5;
        double inside = 0.92 - 4.2 / b;
        double alpha = (2.83 + 5.1 / b) * deviation;
        double odds = p / (1 - p);
        double mode = StrictMath.floor((n + 1) * p);
        double atMode = (mode + 0.5) * StrictMath.log((mode + 1) / (odds * (n - mode + 1)))
                + stirlingRest(mode)
                + stirlingRest(n - mode);
        while (true) {
            double u = random.nextDouble() - 0.5;
            double v = random.nextDouble();
            double us = 0.5 - Math.abs(u);
            double k = StrictMath.floor((2 * a / us + b) * u + c);
            if (us >= 0.07 && v <= inside) {
                return (long) k;
            }
            if (k < 0 || k > n) {
                continue;
            }
            double height = StrictMath.log(v * alpha / (a / (us * us) + b));
            double atK = atMode
                    + (n + 1) * StrictMath.log((n - mode + 1) / (n - k + 1))
                    + (k + 0.5) * StrictMath.log(odds * (n - k + 1) / (k + 1))
                    - stirlingRest(k)
                    - stirlingRest(n - k);
            if (height <= atK) {
                return (long) k;
            }
        }
    }

    private static double stirlingRest(double k) {
        if (k < STIRLING_REST.length) {
            return STIRLING_REST[(int) k];
        }
        double square = (k + 1) * (k + 1);
        return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
    }

    private static double[] stirlingRest(int size) {
        double[] rest = new double[size];
        double logFactorial = 0;
        for (int k = 0; k < size; k++) {
            logFactorial += k == 0 ? 0 : StrictMath.log(k);
            rest[k] = logFactorial - (0.5 * StrictMath.log(2 * Math.PI) + (k + 0.5) * StrictMath.log(k + 1) - (k + 1));
        }
        return rest;
    }
}
