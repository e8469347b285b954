package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassWeightsTest {
    private static final long[] ROWS = {900, 90, 10, 0};

    @Test
    void ofInverseGiveEveryClassTheSameSum() {
        double[] weights = ClassWeights.INVERSE.of(ROWS);

        assertThat(weights).containsExactly(new double[] {1000 / 2700.0, 1000 / 270.0, 1000 / 30.0, 0}, within(1e-9));
    }

    @Test
    void ofEffectiveNumbersLieBetween() {
        double[] weights = ClassWeights.EFFECTIVE_NUMBER.of(ROWS);

        // (1 - 0.999) / (1 - 0.999^n)
        double common = 0.001 / (1 - Math.pow(0.999, 900));
        double rare = 0.001 / (1 - Math.pow(0.999, 10));
        assertThat(weights[2] / weights[0]).isCloseTo(rare / common, within(1e-9));
        assertThat(weights[2] / weights[0]).isBetween(10.0, 90.0);
    }

    @ParameterizedTest
    @EnumSource(ClassWeights.class)
    void haveTheMeanOneOverAllRows(ClassWeights kind) {
        double[] weights = kind.of(ROWS);

        assertThat((900 * weights[0] + 90 * weights[1] + 10 * weights[2]) / 1000)
                .isCloseTo(1, within(1e-12));
        assertThat(weights[3]).as("a class without a row").isZero();
    }
}
