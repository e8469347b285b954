package io.aisle.core.model;

import io.aisle.core.UserException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Fits, on validation rows, what makes a model's confidence mean what it says, and how sure is sure enough. */
public final class Calibration {
    /** Fewer accepted rows than this prove no precision: of 30 rows at 0.92, the standard error is 0.05. */
    private static final int MIN_ACCEPTED = 30;
    /** Clear of float32 rounding, so that no confidence reaches it. */
    private static final double REVIEW_ALL = 1.001;
    /** ln T is sought in [-ln 20, ln 20]. */
    private static final double MAX_TEMPERATURE = 20;
    /** Halvings of that range: ln T to 1e-8. */
    private static final int HALVINGS = 30;

    private Calibration() {}

    /**
     * The temperature T, 0.05 to 20, for which softmax(logits / T) has the least negative log-likelihood (Guo et al.
     * 2017, "On Calibration of Modern Neural Networks", section 4.2). Above 1 the network was too sure of itself, below
     * 1 not sure enough.
     *
     * <p>The likelihood is convex in 1/T: its derivative changes sign once, and halving ln T by that sign cannot miss
     * the minimum. It takes 30 passes over the logits. An end of the range means that the rows set no bound (all right,
     * or all wrong); logits that are equal everywhere give 1.
     *
     * @param logits float[rows][labels]
     * @param truths index of each row's label, int[rows]
     * @throws UserException without rows
     */
    public static double temperature(float[][] logits, int[] truths) {
        check(logits, truths);
        double low = -Math.log(MAX_TEMPERATURE);
        double high = Math.log(MAX_TEMPERATURE);
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            double slope = slope(logits, truths, Math.exp(-middle));
            if (slope == 0) {
                return Math.exp(middle);
            }
            if (slope < 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp((low + high) / 2);
    }

    /**
     * Vector scaling: the {@link #temperature}, and then, for each label, the scale and the offset that have the least negative
     * log-likelihood and a penalty on their distance from 1 and 0. What few rows speak of stays near the temperature alone.
     *
     * @param logits float[rows][labels]
     * @param truths index of each row's label, int[rows]
     * @param penalty above 0; half of it for each squared distance, where each row counts its log-likelihood once
     * @throws UserException without rows
     */
    public static Scaling vector(float[][] logits, int[] truths, double penalty) {
        if (!(penalty > 0) || Double.isInfinite(penalty)) {
            throw new IllegalArgumentException(
                    "Cannot fit scales: found penalty " + penalty + ", expected a number above 0");
        }
        return VectorScaling.fit(logits, truths, (float) temperature(logits, truths), penalty);
    }

    /**
     * The smallest confidence threshold at which the accepted rows (confidence at or above it) reach the target
     * precision: of the distinct confidences that do, the one that accepts most rows.
     *
     * <p>It must accept at least 30 validation rows: a handful of sure rows are all right by luck. Where no threshold
     * does, nothing is accepted. The precision is measured on the rows that chose the threshold, so new rows will be a
     * little below it: measure it again on test rows.
     *
     * @param confidences each row's, float[rows]
     * @param correct whether its prediction is its truth, boolean[rows]
     * @param targetPrecision above 0, at most 1
     */
    public static AcceptThreshold acceptThreshold(float[] confidences, boolean[] correct, double targetPrecision) {
        int rows = confidences.length;
        if (correct.length != rows) {
            throw new IllegalArgumentException("Cannot choose an accept threshold: found " + correct.length
                    + " outcomes, expected " + rows + ", one a confidence");
        }
        if (!(targetPrecision > 0 && targetPrecision <= 1)) {
            throw new IllegalArgumentException("Cannot choose an accept threshold: found target precision "
                    + targetPrecision + ", expected above 0 and at most 1");
        }
        for (float confidence : confidences) {
            if (!(confidence >= 0 && confidence < REVIEW_ALL)) {
                throw new IllegalArgumentException(
                        "Cannot choose an accept threshold: found confidence " + confidence + ", expected 0 to 1");
            }
        }
        List<Integer> surestFirst = IntStream.range(0, rows)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> confidences[row])
                        .reversed())
                .toList();
        AcceptThreshold widest = new AcceptThreshold(REVIEW_ALL, targetPrecision, Double.NaN, 0, rows);
        int right = 0;
        for (int accepted = 1; accepted <= rows; accepted++) {
            float confidence = confidences[surestFirst.get(accepted - 1)];
            right += correct[surestFirst.get(accepted - 1)] ? 1 : 0;
            boolean tied = accepted < rows && confidences[surestFirst.get(accepted)] == confidence;
            double precision = (double) right / accepted;
            if (!tied && accepted >= MIN_ACCEPTED && precision >= targetPrecision) {
                widest = new AcceptThreshold(confidence, targetPrecision, precision, accepted, rows);
            }
        }
        return widest;
    }

    /** The negative log-likelihood by 1/T, derived: the logit softmax expects less the truth's, summed over rows. */
    private static double slope(float[][] logits, int[] truths, double inverseTemperature) {
        double slope = 0;
        for (int row = 0; row < logits.length; row++) {
            float greatest = Float.NEGATIVE_INFINITY;
            for (float logit : logits[row]) {
                greatest = Math.max(greatest, logit);
            }
            double sum = 0;
            double weighted = 0;
            for (float logit : logits[row]) {
                double below = (double) logit - greatest;
                double weight = Math.exp(inverseTemperature * below);
                sum += weight;
                weighted += weight * below;
            }
            slope += weighted / sum - ((double) logits[row][truths[row]] - greatest);
        }
        return slope;
    }

    private static void check(float[][] logits, int[] truths) {
        if (logits.length != truths.length) {
            throw new IllegalArgumentException("Cannot fit a temperature: found " + truths.length + " truths, expected "
                    + logits.length + ", one a row of logits");
        }
        if (logits.length == 0) {
            throw new UserException("Cannot fit a temperature: found no validation rows, expected at least 1."
                    + " Give the validation part of the split more rows.");
        }
        for (int row = 0; row < logits.length; row++) {
            if (truths[row] < 0 || truths[row] >= logits[row].length) {
                throw new IllegalArgumentException("Cannot fit a temperature: found truth " + truths[row] + " in row "
                        + row + ", expected 0 to " + (logits[row].length - 1));
            }
            for (float logit : logits[row]) {
                if (!Float.isFinite(logit)) {
                    throw new IllegalArgumentException("Cannot fit a temperature: found logit " + logit + " in row "
                            + row + ", expected a finite number");
                }
            }
        }
    }

    /**
     * How sure is sure enough.
     *
     * @param threshold a prediction is accepted where its float32 confidence, widened to double, is at or above this;
     *     above 1 (everything goes to review) where no threshold reached the target
     * @param targetPrecision the precision asked for
     * @param precision of the accepted validation rows, those that were right; NaN where none was accepted
     * @param accepted validation rows accepted
     * @param rows validation rows
     */
    public record AcceptThreshold(double threshold, double targetPrecision, double precision, int accepted, int rows)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        /** Whether any threshold reached the target precision. */
        public boolean reached() {
            return accepted > 0;
        }

        /** Of the validation rows, those accepted; NaN without rows. */
        public double coverage() {
            return (double) accepted / rows;
        }
    }
}
