package io.aisle.core.metric;

/** A probability that a network gave. */
final class Probability {
    /** A float32 sum of many probabilities can pass 1 by this much. */
    private static final double ROUNDING = 1e-5;

    private Probability() {}

    /** The probability, at most 1 where rounding passed it; refuses what is no probability. */
    static double check(double probability) {
        if (!(probability >= 0 && probability <= 1 + ROUNDING)) {
            throw new IllegalArgumentException(
                    "Cannot measure a probability: found " + probability + ", expected 0 to 1");
        }
        return Math.min(probability, 1);
    }
}
