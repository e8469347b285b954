package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClassAverageTest {
    @Test
    void weighsClassesBySupportWhereTheMeasureIsDefined() {
        // (2 * 0.5 + 6 * 1) / 8
        assertThat(ClassAverage.weighted(new double[] {0.5, Double.NaN, 1}, new long[] {2, 100, 6}))
                .isEqualTo(new ClassAverage(0.875, 2, 3));
    }

    @Test
    void isUndefinedWhereNoClassIsDefined() {
        assertThat(ClassAverage.macro(new double[] {Double.NaN})).isEqualTo(new ClassAverage(Double.NaN, 0, 1));
        assertThat(ClassAverage.macro(new double[0])).isEqualTo(new ClassAverage(Double.NaN, 0, 0));
    }

    @Test
    void saysHowManyClassesItLeftOut() {
        assertThat(new ClassAverage(0.5, 34, 37).note("AUC", "no rows"))
                .contains("AUC averages 34 of 37 classes: 3 have no rows");
        assertThat(new ClassAverage(0.5, 37, 37).note("AUC", "no rows")).isEmpty();
    }

    @Test
    void refusesWeightsThatDoNotFitTheValues() {
        assertThatThrownBy(() -> ClassAverage.weighted(new double[2], new long[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot average over classes: found 3 weights, expected 2, one a value");
    }
}
