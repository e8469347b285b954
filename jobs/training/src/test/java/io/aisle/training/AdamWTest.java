package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final int[] ONLY_ROW = {0};

    @Test
    void takesTheFirstStepsThatHandCalculationGives() {
        AdamW adam = new AdamW(1, 1, 0.5);
        FloatBuffer weights = FloatBuffer.wrap(new float[] {2});

        adam.step(weights, FloatBuffer.wrap(new float[] {0.5f}), ONLY_ROW, 1, 0.1, 1);
        // decay: 2 * (1 - 0.1 * 0.5) = 1.9; corrected moments 0.5 and 0.25, whose quotient is 1: 1.9 - 0.1
        assertThat(weights.get(0)).isCloseTo(1.8f, within(1e-6f));

        adam.step(weights, FloatBuffer.wrap(new float[] {-1}), ONLY_ROW, 1, 0.1, 2);
        // m = 0.9 * 0.05 - 0.1 = -0.055, corrected by 0.19; v = 0.999 * 0.00025 + 0.001 = 0.00124975, corrected by
        // 0.001999
        double quotient = (-0.055 / 0.19) / Math.sqrt(0.00124975 / 0.001999);
        assertThat(weights.get(0)).isCloseTo((float) (1.8 * 0.95 - 0.1 * quotient), within(1e-6f));
    }

    @Test
    void movesOnlyTheRowsNamedAndClearsTheirGradient() {
        AdamW adam = new AdamW(3, 2, 0.1);
        FloatBuffer weights = FloatBuffer.wrap(new float[] {1, 1, 2, 2, 3, 3});
        FloatBuffer gradient = FloatBuffer.wrap(new float[] {1, -1, 1, -1, 1, -1});

        adam.step(weights, gradient, new int[] {0, 2}, 1, 0.01, 1);

        assertThat(weights.array()[0]).isLessThan(1);
        assertThat(weights.array()[5]).isGreaterThan(3);
        assertThat(weights.array()[2]).isEqualTo(2f);
        assertThat(weights.array()[3]).isEqualTo(2f);
        assertThat(gradient.array()).containsExactly(0, 0, 1, -1, 0, 0);
    }

    @Test
    void scalesTheGradientBeforeTheMoments() {
        // the first step is the same for every scale, the second shows what the moments hold
        float[] scaled = twoSteps(4, 0.25);
        float[] plain = twoSteps(1, 1);
        assertThat(scaled).containsExactly(plain);
    }

    @Test
    void clipsByTheNormOfAllValuesTogether() {
        AdamW adam = new AdamW(2, 2, 0);
        FloatBuffer gradient = FloatBuffer.wrap(new float[] {3, 0, 0, 4});
        double norm = Math.sqrt(adam.squaredNorm(gradient, new int[] {0, 1}));

        assertThat(norm).isEqualTo(5);
        assertThat(AdamW.clipScale(norm, 1)).isEqualTo(0.2);
        assertThat(AdamW.clipScale(norm, 5)).isEqualTo(1);
        assertThat(AdamW.clipScale(norm, 10)).isEqualTo(1);
    }

    private static float[] twoSteps(float unit, double scale) {
        AdamW adam = new AdamW(1, 1, 0);
        FloatBuffer weights = FloatBuffer.wrap(new float[] {1});
        adam.step(weights, FloatBuffer.wrap(new float[] {unit}), ONLY_ROW, scale, 0.1, 1);
        adam.step(weights, FloatBuffer.wrap(new float[] {-3 * unit}), ONLY_ROW, scale, 0.1, 2);
        return weights.array();
    }
}
