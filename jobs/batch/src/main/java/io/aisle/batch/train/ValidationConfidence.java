package io.aisle.batch.train;

import io.aisle.core.model.Calibration;
import io.aisle.core.model.Calibration.AcceptThreshold;

/**
 * How sure the calibrated network was of each validation row, and whether it was right.
 *
 * @param confidences highest softmax probability of each row
 * @param correct whether that label is the row's
 */
record ValidationConfidence(float[] confidences, boolean[] correct) {

    /**
     * Reads it off the logits.
     *
     * @param logits [rows][labels], before temperature
     */
    static ValidationConfidence of(float[][] logits, int[] truths, double temperature) {
        float[] confidences = new float[logits.length];
        boolean[] correct = new boolean[logits.length];
        for (int row = 0; row < logits.length; row++) {
            int best = 0;
            for (int label = 1; label < logits[row].length; label++) {
                best = logits[row][label] > logits[row][best] ? label : best;
            }
            double sum = 0;
            for (float logit : logits[row]) {
                sum += Math.exp((logit - logits[row][best]) / temperature);
            }
            confidences[row] = (float) (1 / sum);
            correct[row] = best == truths[row];
        }
        return new ValidationConfidence(confidences, correct);
    }

    AcceptThreshold acceptThreshold(double targetPrecision) {
        return Calibration.acceptThreshold(confidences, correct, targetPrecision);
    }
}
