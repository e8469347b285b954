package io.aisle.core.metric;

import java.util.Arrays;
import java.util.Optional;

/**
 * A measure averaged over the classes where it is defined. What is undefined (NaN) is left out, never taken as zero,
 * and counted.
 *
 * @param value the average, NaN where it is defined for no class
 * @param averaged classes that the average is over
 * @param classes classes in all
 */
public record ClassAverage(double value, int averaged, int classes) {
    /** Each class counts the same. */
    public static ClassAverage macro(double[] values) {
        long[] weights = new long[values.length];
        Arrays.fill(weights, 1);
        return weighted(values, weights);
    }

    /**
     * Each class counts as much as its weight.
     *
     * @param values one a class, NaN where undefined
     * @param weights one a class, such as its support
     */
    public static ClassAverage weighted(double[] values, long[] weights) {
        if (values.length != weights.length) {
            throw new IllegalArgumentException("Cannot average over classes: found " + weights.length
                    + " weights, expected " + values.length + ", one a value");
        }
        double sum = 0;
        double weight = 0;
        int averaged = 0;
        for (int c = 0; c < values.length; c++) {
            if (!Double.isNaN(values[c])) {
                sum += values[c] * weights[c];
                weight += weights[c];
                averaged++;
            }
        }
        return new ClassAverage(sum / weight, averaged, values.length);
    }

    /**
     * What a reader must know of this average, such as "macro F1 averages 35 of 37 classes: 2 have neither rows nor
     * predictions".
     *
     * @param measure its name
     * @param lack what the classes left out have, or have not, that leaves them undefined
     * @return nothing where no class was left out
     */
    public Optional<String> note(String measure, String lack) {
        int left = classes - averaged;
        if (left == 0) {
            return Optional.empty();
        }
        return Optional.of(measure + " averages " + averaged + " of " + classes + " classes: " + left
                + (left == 1 ? " has " : " have ") + lack);
    }
}
