package io.aisle.training;

import java.nio.FloatBuffer;

/**
 * The state and the step of AdamW for one weight array (Loshchilov and Hutter 2019, "Decoupled weight decay regularization", algorithm 2).
 *
 * <p>The step is taken row by row, so that of a word embedding only the rows whose words are in the batch are touched: the moments of the
 * others rest as they are instead of decaying, as in TensorFlow's LazyAdam. That makes a step's cost independent of the vocabulary's size.
 */
final class AdamW {
    static final double BETA1 = 0.9;
    static final double BETA2 = 0.999;
    static final double EPSILON = 1e-8;

    private final int width;
    private final double decay;
    private final Moments moments;
    private final float[] weightRow;
    private final float[] gradientRow;
    private final float[] zeroRow;

    /**
     * What it remembers between steps.
     *
     * @param first [rows * width], the running mean of the gradient
     * @param second as first, of its square
     */
    record Moments(float[] first, float[] second) {
        static Moments zero(int size) {
            return new Moments(new float[size], new float[size]);
        }
    }

    /**
     * @param rows rows of the array; one where it has a single dimension
     * @param width values a row
     * @param decay decoupled weight decay, times the rate at each step
     */
    AdamW(int rows, int width, double decay) {
        this.width = width;
        this.decay = decay;
        this.moments = Moments.zero(Math.multiplyExact(rows, width));
        this.weightRow = new float[width];
        this.gradientRow = new float[width];
        this.zeroRow = new float[width];
    }

    /** The moments as they are now, not a copy. */
    Moments moments() {
        return moments;
    }

    /** What to multiply gradients by so that their norm, all weights together, is at most {@code maxNorm} (Pascanu et al. 2013). */
    static double clipScale(double norm, double maxNorm) {
        return norm > maxNorm ? maxNorm / norm : 1;
    }

    /** The rate of a step with both corrections of the moments' bias in it, so that the moments can be used as they are. */
    static double correctedRate(double rate, int step) {
        return rate * Math.sqrt(1 - Math.pow(BETA2, step)) / (1 - Math.pow(BETA1, step));
    }

    /** What is added to the root of the second moment as it is. */
    static double correctedEpsilon(int step) {
        return EPSILON * Math.sqrt(1 - Math.pow(BETA2, step));
    }

    /** The sum of squares of some rows. */
    double squaredNorm(FloatBuffer gradient, int[] rows) {
        double sum = 0;
        for (int row : rows) {
            gradient.get(row * width, gradientRow);
            for (float value : gradientRow) {
                sum += (double) value * value;
            }
        }
        return sum;
    }

    /** Sets the gradient of some rows to 0. */
    void forget(FloatBuffer gradient, int[] rows) {
        for (int row : rows) {
            gradient.put(row * width, zeroRow);
        }
    }

    /**
     * Moves some rows against their gradient and sets that gradient to 0.
     *
     * @param weights changed in place
     * @param gradientScale what the gradient is multiplied by first
     * @param step from 1
     */
    void step(FloatBuffer weights, FloatBuffer gradient, int[] rows, double gradientScale, double rate, int step) {
        float correctedRate = (float) correctedRate(rate, step);
        float epsilon = (float) correctedEpsilon(step);
        float kept = (float) (1 - rate * decay);
        float scale = (float) gradientScale;
        float[] first = moments.first;
        float[] second = moments.second;
        for (int row : rows) {
            int from = row * width;
            weights.get(from, weightRow);
            gradient.get(from, gradientRow);
            for (int i = 0; i < width; i++) {
                float g = gradientRow[i] * scale;
                float m = first[from + i] += (float) (1 - BETA1) * (g - first[from + i]);
                float v = second[from + i] += (float) (1 - BETA2) * (g * g - second[from + i]);
                weightRow[i] = weightRow[i] * kept - correctedRate * m / ((float) Math.sqrt(v) + epsilon);
            }
            weights.put(from, weightRow);
            gradient.put(from, zeroRow);
        }
    }
}
