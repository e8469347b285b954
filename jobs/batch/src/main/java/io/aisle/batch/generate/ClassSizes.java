package io.aisle.batch.generate;

import io.aisle.core.UserException;
import java.io.Serializable;

/**
 * How products are shared out among classes: a curve that falls from the largest to the smallest, but where the first class has a share
 * of its own.
 *
 * @param largestToSmallest the largest class of the curve is expected to be this many times the smallest; 1: all alike
 * @param hotShare share of the first class, below 1, the others having the rest along the curve; 0: it has its place on the curve
 */
public record ClassSizes(double largestToSmallest, double hotShare) implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final double MAX_RATIO = 1_000_000;
    public static final double MAX_HOT_SHARE = 0.99;

    /** What a catalog has unless it is told otherwise. */
    public static final ClassSizes STANDARD = new ClassSizes(210, 0);

    /** Below 1 the head falls faster than the tail: with 40 classes the largest has a fifth of all products. */
    private static final double CURVE = 0.7;

    public ClassSizes {
        // written so that NaN is refused too
        if (!(largestToSmallest >= 1 && largestToSmallest <= MAX_RATIO)) {
            throw new UserException("Cannot generate a catalog: found a largest class of " + largestToSmallest
                    + " times the smallest, expected 1 to " + MAX_RATIO + ". Set another ratio.");
        }
        if (!(hotShare >= 0 && hotShare <= MAX_HOT_SHARE)) {
            throw new UserException("Cannot generate a catalog: found a hot share of " + hotShare + ", expected 0 to "
                    + MAX_HOT_SHARE + ". Set another hot share.");
        }
    }

    /** The share of each of so many classes, together 1. */
    double[] shares(int classes) {
        double[] shares = new double[classes];
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            shares[i] = Math.pow(largestToSmallest, -Math.pow((double) i / (classes - 1), CURVE));
            sum += shares[i];
        }
        double first = hotShare == 0 ? shares[0] / sum : hotShare;
        double others = hotShare == 0 ? sum : (sum - shares[0]) / (1 - hotShare);
        shares[0] = first;
        for (int i = 1; i < classes; i++) {
            shares[i] /= others;
        }
        return shares;
    }
}
