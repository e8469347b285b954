package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ValidationScoresTest {
    @Test
    void areThoseOfHandCalculation() {
        // predictions 0 0 1 2, labels 0 1 1 1; class 3 is neither label nor prediction
        float[][] logits = {{5, 0, 0, 0}, {5, 0, 0, 0}, {0, 5, 0, 0}, {0, 0, 5, 0}};
        int[] labels = {0, 1, 1, 1};

        ValidationScores scores = ValidationScores.of(logits, labels);

        double f1OfFirst = 2.0 / 3;
        double f1OfSecond = 2.0 / 4;
        assertThat(scores.accuracy()).isEqualTo(0.5);
        assertThat(scores.macroF1()).isCloseTo((f1OfFirst + f1OfSecond + 0) / 3, within(1e-12));
        assertThat(scores.weightedF1()).isCloseTo((f1OfFirst * 1 + f1OfSecond * 3) / 4, within(1e-12));
        double right = Math.log(Math.exp(5) + 3) - 5;
        assertThat(scores.loss()).isCloseTo((2 * right + 2 * (right + 5)) / 4, within(1e-9));
    }

    @Test
    void surviveLargeLogits() {
        assertThat(ValidationScores.of(new float[][] {{1000, 0}}, new int[] {1}).loss())
                .isEqualTo(1000);
    }
}
