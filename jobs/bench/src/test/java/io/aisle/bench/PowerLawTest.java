package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PowerLawTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    @Test
    void findsTheExponentOfCostsThatLieOnOne() {
        assertThat(PowerLaw.exponent(List.of(1.0, 2.0, 4.0), List.of(3.0, 12.0, 48.0)))
                .isCloseTo(2, ROUNDING);
        assertThat(PowerLaw.exponent(List.of(10.0, 1_000.0), List.of(7.0, 7.0))).isCloseTo(0, ROUNDING);
    }

    @Test
    void takesLeastSquaresOfTheLogarithms() {
        // logarithms to base 2: sizes 0, 1, 2 and costs 0, 2, 3; their means 1 and 5/3, so (-1 · -5/3 + 1 · 4/3) / 2
        assertThat(PowerLaw.exponent(List.of(1.0, 2.0, 4.0), List.of(1.0, 4.0, 8.0)))
                .isCloseTo(1.5, ROUNDING);
    }

    @Test
    void leavesOutWhatCostsNothing() {
        assertThat(PowerLaw.exponent(List.of(1.0, 2.0, 4.0), List.of(-0.5, 2.0, 4.0)))
                .isCloseTo(1, ROUNDING);
        assertThat(PowerLaw.exponent(List.of(1.0, 2.0), List.of(0.0, 2.0))).isNaN();
    }
}
