package io.aisle.core.metric;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * All that precision, recall and F1 need of a confusion matrix. The one place where they are computed, so that a report
 * and its intervals speak of the same numbers.
 *
 * @param truePositives rows of a class that were given it, long[classes]
 * @param support rows of a class: true positives and false negatives, long[classes]
 * @param predicted rows given a class: true positives and false positives, long[classes]
 */
record ClassCounts(long[] truePositives, long[] support, long[] predicted) {
    ClassCounts(int classes) {
        this(new long[classes], new long[classes], new long[classes]);
    }

    void add(int truth, int given, long rows) {
        support[truth] += rows;
        predicted[given] += rows;
        if (truth == given) {
            truePositives[truth] += rows;
        }
    }

    int classes() {
        return support.length;
    }

    double accuracy() {
        return (double) LongStream.of(truePositives).sum()
                / LongStream.of(support).sum();
    }

    double[] precision() {
        return ofClasses(c -> (double) truePositives[c] / predicted[c]);
    }

    double[] recall() {
        return ofClasses(c -> (double) truePositives[c] / support[c]);
    }

    /** 2TP / (2TP + FP + FN), where 2TP + FP + FN is support and predictions together. */
    double[] f1() {
        return ofClasses(c -> 2.0 * truePositives[c] / (support[c] + predicted[c]));
    }

    private double[] ofClasses(IntToDoubleFunction measure) {
        return IntStream.range(0, classes()).mapToDouble(measure).toArray();
    }
}
