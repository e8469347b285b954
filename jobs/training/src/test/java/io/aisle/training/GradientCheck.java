package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * A gradient against finite differences, along a direction that is half the gradient and half chance, by the five-point stencil, since
 * float32 leaves the one of two points too little to see.
 */
final class GradientCheck {
    private static final double H = 2e-2;

    private GradientCheck() {}

    /** {@code loss} is computed anew from the weight's values, in double where it is summed. */
    static void check(NDArray weight, float[] gradient, DoubleSupplier loss) {
        double norm = Math.sqrt(dot(gradient, gradient));
        float[] direction = new float[gradient.length];
        Random random = new Random(3);
        for (int i = 0; i < direction.length; i++) {
            // a key's bias moves all scores of a query alike, and so nothing
            double along = norm < 1e-6 ? 0 : gradient[i] / norm;
            direction[i] = (float) (along + 0.5 * random.nextGaussian() / Math.sqrt(direction.length));
        }
        double slope = (8 * (along(weight, direction, H, loss) - along(weight, direction, -H, loss))
                        - along(weight, direction, 2 * H, loss)
                        + along(weight, direction, -2 * H, loss))
                / (12 * H);

        assertThat(dot(gradient, direction)).isCloseTo(slope, within(1e-3 * Math.max(norm, 1e-2)));
    }

    /** The loss with the weight moved by so much of a direction. */
    private static double along(NDArray weight, float[] direction, double distance, DoubleSupplier loss) {
        float[] values = weight.toFloatArray();
        float[] moved = values.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (distance * direction[i]);
        }
        weight.set(moved);
        try {
            return loss.getAsDouble();
        } finally {
            weight.set(values);
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
