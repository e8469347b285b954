package io.aisle.training;

/**
 * How well logits fit labels. An epoch is chosen by these, so that they need no more than the logits; reports come from elsewhere.
 *
 * @param loss mean cross-entropy a row, natural log
 */
record ValidationScores(double loss, double accuracy, double macroF1, double weightedF1) {
    /** {@code logits} is [rows][labels], at least one row. */
    static ValidationScores of(float[][] logits, int[] labels) {
        int classes = logits[0].length;
        long[] truePositives = new long[classes];
        long[] predicted = new long[classes];
        long[] actual = new long[classes];
        double loss = 0;
        for (int row = 0; row < labels.length; row++) {
            int prediction = argMax(logits[row]);
            predicted[prediction]++;
            actual[labels[row]]++;
            if (prediction == labels[row]) {
                truePositives[prediction]++;
            }
            loss += logSumExp(logits[row], logits[row][prediction]) - logits[row][labels[row]];
        }
        long correct = 0;
        int present = 0;
        double sum = 0;
        double weightedSum = 0;
        for (int c = 0; c < classes; c++) {
            correct += truePositives[c];
            if (predicted[c] + actual[c] > 0) {
                // TP + FP is what was predicted, TP + FN what was there
                double f1 = 2.0 * truePositives[c] / (predicted[c] + actual[c]);
                present++;
                sum += f1;
                weightedSum += f1 * actual[c];
            }
        }
        int rows = labels.length;
        return new ValidationScores(loss / rows, (double) correct / rows, sum / present, weightedSum / rows);
    }

    private static int argMax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private static double logSumExp(float[] logits, float max) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return max + Math.log(sum);
    }
}
