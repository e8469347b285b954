package io.aisle.core.metric;

import java.io.Serializable;

/**
 * Top-k accuracy: of all rows, those whose truth is among the k classes with the highest probabilities. Mergeable, so
 * that each task may fill one of its own.
 */
public final class TopKAccuracy implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Rows whose truth came so many places below the best. */
    private final long[] rowsByRank;

    private long rows;

    /** Measures top-1 to top-{@code max} accuracy. */
    public TopKAccuracy(int max) {
        if (max < 1) {
            throw new IllegalArgumentException(
                    "Cannot measure top-k accuracy: found k = " + max + ", expected 1 or more");
        }
        rowsByRank = new long[max];
    }

    /**
     * Counts one row.
     *
     * @param truth index of the class it is
     * @param top indices of the classes it was given, best first; those beyond {@code max} are not read
     */
    public void add(int truth, int[] top) {
        rows++;
        for (int rank = 0; rank < Math.min(top.length, rowsByRank.length); rank++) {
            if (top[rank] == truth) {
                rowsByRank[rank]++;
                return;
            }
        }
    }

    /** Adds the other's rows to these. */
    public void merge(TopKAccuracy that) {
        if (that.rowsByRank.length != rowsByRank.length) {
            throw new IllegalArgumentException("Cannot merge top-k accuracies: found one up to k = "
                    + that.rowsByRank.length + ", expected " + rowsByRank.length + " as in the other");
        }
        rows += that.rows;
        for (int rank = 0; rank < rowsByRank.length; rank++) {
            rowsByRank[rank] += that.rowsByRank[rank];
        }
    }

    /** Top-k accuracy, k from 1 to {@code max}; NaN without rows. */
    public double accuracy(int k) {
        if (k < 1 || k > rowsByRank.length) {
            throw new IllegalArgumentException(
                    "Cannot give top-k accuracy: found k = " + k + ", expected 1 to " + rowsByRank.length);
        }
        long found = 0;
        for (int rank = 0; rank < k; rank++) {
            found += rowsByRank[rank];
        }
        return (double) found / rows;
    }
}
