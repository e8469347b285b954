package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.model.Scaling;
import org.junit.jupiter.api.Test;

class ValidationConfidenceTest {
    private static final float LN_2 = (float) Math.log(2);

    @Test
    void readsConfidenceAndTruthOffTheLogits() {
        float[][] logits = {{0, LN_2, 0}, {2 * LN_2, 0, LN_2}, {0, 0, 0}};

        ValidationConfidence confidence = ValidationConfidence.of(logits, new int[] {1, 2, 0}, Scaling.NONE);

        // 2 of 1 + 2 + 1, 4 of 4 + 1 + 2, and 1 of 3 for the first of equals
        assertThat(confidence.confidences()).containsExactly(new float[] {1 / 2f, 4 / 7f, 1 / 3f}, within(1e-6f));
        assertThat(confidence.correct()).containsExactly(true, false, true);
    }

    @Test
    void dividesByTheTemperature() {
        float[][] logits = {{0, 4 * LN_2}};

        assertThat(ValidationConfidence.of(logits, new int[] {1}, Scaling.temperature(2))
                        .confidences()[0])
                .isEqualTo(0.8f, within(1e-6f));
    }

    @Test
    void logitsTooLargeForAnExponentialStillGiveConfidence() {
        float[][] logits = {{1000, 2000}};

        assertThat(ValidationConfidence.of(logits, new int[] {1}, Scaling.NONE).confidences())
                .containsExactly(1);
    }
}
