package io.aisle.core.linear;

import java.io.Serializable;

/**
 * How the margin m of a category becomes its share in a label's score: exponent · log σ(slope · m + offset).
 *
 * <p>The sigmoid says how probable a category is by its own margin (Platt 1999, "Probabilistic outputs for support vector machines", section
 * 2); the exponent, how much its level counts beside the others.
 */
public record LevelSigmoid(double slope, double offset, double exponent) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** log σ(slope · margin + offset). */
    public double logProbability(double margin) {
        double x = slope * margin + offset;
        // exact where exp would overflow
        return x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
    }

    /** What each margin comes to. */
    double[] of(float[] margins) {
        double[] shares = new double[margins.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = exponent * logProbability(margins[i]);
        }
        return shares;
    }

    /** The same with a temperature in it. */
    public LevelSigmoid dividedBy(double temperature) {
        return new LevelSigmoid(slope, offset, exponent / temperature);
    }
}
