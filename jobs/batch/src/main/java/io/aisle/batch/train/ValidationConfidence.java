package io.aisle.batch.train;

import io.aisle.core.metric.CalibrationError;
import io.aisle.core.model.Calibration;
import io.aisle.core.model.Calibration.AcceptThreshold;
import io.aisle.core.model.Prediction;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.Softmax;

/**
 * How sure a model is of each validation row, and whether it is right.
 *
 * @param confidences highest softmax probability of each row
 * @param correct whether that label is the row's
 */
record ValidationConfidence(float[] confidences, boolean[] correct) {

    /**
     * Reads it off the logits, as a bundle will.
     *
     * @param logits [rows][labels], before scaling
     */
    static ValidationConfidence of(float[][] logits, int[] truths, Scaling scaling) {
        float[] confidences = new float[logits.length];
        boolean[] correct = new boolean[logits.length];
        for (int row = 0; row < logits.length; row++) {
            float[] probabilities = Softmax.of(scaling.of(logits[row]));
            int best = Prediction.mostProbable(probabilities, 1)[0];
            confidences[row] = probabilities[best];
            correct[row] = best == truths[row];
        }
        return new ValidationConfidence(confidences, correct);
    }

    AcceptThreshold acceptThreshold(double targetPrecision) {
        return Calibration.acceptThreshold(confidences, correct, targetPrecision);
    }

    /** The expected calibration error. */
    double error() {
        CalibrationError error = new CalibrationError();
        for (int row = 0; row < confidences.length; row++) {
            error.add(confidences[row], correct[row]);
        }
        return error.error();
    }
}
