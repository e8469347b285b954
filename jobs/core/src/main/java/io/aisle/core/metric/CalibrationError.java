package io.aisle.core.metric;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The expected calibration error: how far confidence is from accuracy, over 15 bins of equal width, each weighing as
 * many rows as it holds (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2, equation 3).
 *
 * <p>Bin m holds the confidences in ((m-1)/15, m/15]. Mergeable, so that each task may fill one of its own.
 */
public final class CalibrationError implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int BINS = 15;

    private final long[] rows = new long[BINS];
    private final long[] correct = new long[BINS];
    private final double[] confidence = new double[BINS];

    /**
     * Counts one row.
     *
     * @param confidence the probability of the class it was given, 0 to 1
     * @param isCorrect whether that class is its truth
     */
    public void add(double confidence, boolean isCorrect) {
        double probability = Probability.check(confidence);
        int bin = Math.max(0, (int) Math.ceil(probability * BINS) - 1);
        rows[bin]++;
        correct[bin] += isCorrect ? 1 : 0;
        this.confidence[bin] += probability;
    }

    /** Adds the other's rows to these. */
    public void merge(CalibrationError that) {
        for (int bin = 0; bin < BINS; bin++) {
            rows[bin] += that.rows[bin];
            correct[bin] += that.correct[bin];
            confidence[bin] += that.confidence[bin];
        }
    }

    /** The error, 0 (confidence means what it says) to 1; NaN without rows. */
    public double error() {
        double gaps = 0;
        for (int bin = 0; bin < BINS; bin++) {
            gaps += Math.abs(correct[bin] - confidence[bin]);
        }
        return gaps / LongStream.of(rows).sum();
    }

    /** All 15, lowest first: the points of a reliability diagram. */
    public List<Bin> bins() {
        return IntStream.range(0, BINS)
                .mapToObj(bin -> new Bin(
                        (double) bin / BINS,
                        (bin + 1.0) / BINS,
                        rows[bin],
                        confidence[bin] / rows[bin],
                        (double) correct[bin] / rows[bin]))
                .toList();
    }

    /**
     * The rows whose confidence is in (lower, upper].
     *
     * @param meanConfidence NaN without rows
     * @param accuracy NaN without rows
     */
    public record Bin(double lower, double upper, long rows, double meanConfidence, double accuracy) {}
}
