package io.aisle.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fits a scale and an offset a label to logits that a temperature has divided: those of the least
 *
 * <p>−Σ log softmax(s ⊙ x + b)[truth] + penalty / 2 · Σ ((s − 1)² + b²), s ≥ {@value #MIN_SCALE}
 *
 * <p>(Guo et al. 2017, section 4.2; the penalty is ours, and draws towards the temperature alone.) The problem is strictly convex. Each step
 * solves it with the second derivatives of each label by itself, two numbers with one bound, and goes that way as far as the likelihood
 * falls enough (Armijo). It takes tens of steps, each a few passes over the logits. The same rows give the same numbers.
 */
final class VectorScaling {
    /** Above 0, so that more evidence for a label never makes it less probable. */
    static final double MIN_SCALE = 0.05;

    private static final int MAX_STEPS = 1_000;
    /** The objective's relative gain under which it ends. */
    private static final double TOLERANCE = 1e-10;

    private static final double SUFFICIENT = 1e-4;
    private static final double MIN_STEP = 1e-10;

    private final float[][] logits;
    private final int[] truths;
    private final double temperature;
    private final double penalty;
    private final int labels;

    private double[] scales;
    private double[] offsets;
    // derivatives by scale and offset, and second ones of each label by itself
    private final double[] byScale;
    private final double[] byOffset;
    private final double[] byScaleTwice;
    private final double[] byBoth;
    private final double[] byOffsetTwice;

    private VectorScaling(float[][] logits, int[] truths, float temperature, double penalty) {
        this.logits = logits;
        this.truths = truths;
        this.temperature = temperature;
        this.penalty = penalty;
        labels = logits[0].length;
        scales = new double[labels];
        Arrays.fill(scales, 1);
        offsets = new double[labels];
        byScale = new double[labels];
        byOffset = new double[labels];
        byScaleTwice = new double[labels];
        byBoth = new double[labels];
        byOffsetTwice = new double[labels];
    }

    /**
     * Fits.
     *
     * @param penalty above 0
     */
    static Scaling fit(float[][] logits, int[] truths, float temperature, double penalty) {
        VectorScaling fit = new VectorScaling(logits, truths, temperature, penalty);
        fit.run();
        return new Scaling(temperature, floats(fit.scales), floats(fit.offsets));
    }

    private void run() {
        double objective = objective(scales, offsets);
        for (int step = 0; step < MAX_STEPS; step++) {
            derive();
            double[] scaleStep = new double[labels];
            double[] offsetStep = new double[labels];
            double slope = 0;
            for (int label = 0; label < labels; label++) {
                solve(label, scaleStep, offsetStep);
                slope += byScale[label] * scaleStep[label] + byOffset[label] * offsetStep[label];
            }
            centre(offsetStep);
            double next = descend(objective, slope, scaleStep, offsetStep);
            if (objective - next <= TOLERANCE * Math.abs(objective)) {
                return;
            }
            objective = next;
        }
    }

    /** The step to the minimum of a label's own parabola, its scale kept at or above the bound. */
    private void solve(int label, double[] scaleStep, double[] offsetStep) {
        double a = byScaleTwice[label];
        double b = byBoth[label];
        double c = byOffsetTwice[label];
        double determinant = a * c - b * b;
        double scale = (b * byOffset[label] - c * byScale[label]) / determinant;
        scaleStep[label] = Math.max(scale, MIN_SCALE - scales[label]);
        offsetStep[label] = -(byOffset[label] + b * scaleStep[label]) / c;
    }

    /** A shift of all offsets changes no probability, so that only the penalty chooses it: they add up to 0. */
    private static void centre(double[] offsetStep) {
        double mean = Arrays.stream(offsetStep).average().orElse(0);
        for (int label = 0; label < offsetStep.length; label++) {
            offsetStep[label] -= mean;
        }
    }

    /** Goes a whole step, or a half, a quarter, …, until the objective falls enough; gives where it falls to. */
    private double descend(double objective, double slope, double[] scaleStep, double[] offsetStep) {
        for (double share = 1; share > MIN_STEP; share /= 2) {
            double[] newScales = moved(scales, scaleStep, share);
            double[] newOffsets = moved(offsets, offsetStep, share);
            double next = objective(newScales, newOffsets);
            if (next <= objective + SUFFICIENT * share * slope) {
                scales = newScales;
                offsets = newOffsets;
                return next;
            }
        }
        return objective;
    }

    private static double[] moved(double[] from, double[] step, double share) {
        double[] moved = new double[from.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = from[i] + share * step[i];
        }
        return moved;
    }

    private double objective(double[] atScales, double[] atOffsets) {
        double sum = 0;
        double[] scores = new double[labels];
        for (int row = 0; row < logits.length; row++) {
            double greatest = scores(row, atScales, atOffsets, scores);
            double exponentials = 0;
            for (double score : scores) {
                exponentials += Math.exp(score - greatest);
            }
            sum += Math.log(exponentials) + greatest - scores[truths[row]];
        }
        double distance = 0;
        for (int label = 0; label < labels; label++) {
            distance += (atScales[label] - 1) * (atScales[label] - 1) + atOffsets[label] * atOffsets[label];
        }
        return sum + penalty / 2 * distance;
    }

    private void derive() {
        for (int label = 0; label < labels; label++) {
            byScale[label] = penalty * (scales[label] - 1);
            byOffset[label] = penalty * offsets[label];
            byScaleTwice[label] = penalty;
            byBoth[label] = 0;
            byOffsetTwice[label] = penalty;
        }
        double[] scores = new double[labels];
        for (int row = 0; row < logits.length; row++) {
            double greatest = scores(row, scales, offsets, scores);
            double sum = 0;
            for (int label = 0; label < labels; label++) {
                scores[label] = Math.exp(scores[label] - greatest);
                sum += scores[label];
            }
            for (int label = 0; label < labels; label++) {
                double x = logits[row][label] / temperature;
                double probability = scores[label] / sum;
                double over = probability - (label == truths[row] ? 1 : 0);
                double spread = probability * (1 - probability);
                byScale[label] += over * x;
                byOffset[label] += over;
                byScaleTwice[label] += spread * x * x;
                byBoth[label] += spread * x;
                byOffsetTwice[label] += spread;
            }
        }
    }

    /** Fills in a row's scores; gives the greatest. */
    private double scores(int row, double[] atScales, double[] atOffsets, double[] scores) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int label = 0; label < labels; label++) {
            scores[label] = atScales[label] * (logits[row][label] / temperature) + atOffsets[label];
            greatest = Math.max(greatest, scores[label]);
        }
        return greatest;
    }

    private static List<Float> floats(double[] values) {
        List<Float> floats = new ArrayList<>();
        for (double value : values) {
            floats.add((float) value);
        }
        return floats;
    }
}
