package io.aisle.core.model;

/** exp(x) over its sum, computed so that nothing overflows. */
public final class Softmax {
    private Softmax() {}

    /** The logarithm of the sum of exp(x): what log-probabilities are less than their logits. */
    public static double logSum(float[] logits) {
        float greatest = max(logits);
        return greatest + Math.log(sum(logits, greatest));
    }

    /** Probabilities, float[labels], of logits. */
    public static float[] of(float[] logits) {
        float greatest = max(logits);
        double sum = 0;
        double[] exponentials = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            exponentials[i] = Math.exp((double) logits[i] - greatest);
            sum += exponentials[i];
        }
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (exponentials[i] / sum);
        }
        return probabilities;
    }

    /** The greatest of the probabilities, as {@link #of} would give it. */
    public static float greatest(float[] logits) {
        return (float) (1 / sum(logits, max(logits)));
    }

    private static float max(float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        return max;
    }

    private static double sum(float[] logits, float greatest) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp((double) logit - greatest);
        }
        return sum;
    }
}
