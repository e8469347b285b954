package io.aisle.training;

import java.util.Arrays;

/** How much a training row counts by how common its class is. The weights of all rows have the mean 1. */
public enum ClassWeights {
    /** Every row alike. */
    NONE {
        @Override
        double raw(long rows) {
            return 1;
        }
    },
    /** 1 / rows of the class: every class counts alike. */
    INVERSE {
        @Override
        double raw(long rows) {
            return 1.0 / rows;
        }
    },
    /** (1 - β) / (1 - β^rows) with β = 0.999 (Cui et al. 2019, "Class-balanced loss based on effective number of samples", section 3). */
    EFFECTIVE_NUMBER {
        @Override
        double raw(long rows) {
            return (1 - BETA) / (1 - Math.pow(BETA, (double) rows));
        }
    };

    private static final double BETA = 0.999;

    abstract double raw(long rows);

    /**
     * The weight of a row of each class.
     *
     * @param rowsByLabel training rows of each; a class without any has weight 0
     */
    public double[] of(long[] rowsByLabel) {
        double[] weights = Arrays.stream(rowsByLabel)
                .mapToDouble(rows -> rows == 0 ? 0 : raw(rows))
                .toArray();
        double sum = 0;
        for (int label = 0; label < weights.length; label++) {
            sum += weights[label] * (double) rowsByLabel[label];
        }
        double mean = sum / (double) Arrays.stream(rowsByLabel).sum();
        return Arrays.stream(weights).map(weight -> weight / mean).toArray();
    }
}
