package io.aisle.batch.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DivergenceTest {
    @Test
    void givesTheNumbersThatAreWorkedOutByHand() {
        // with half a row more a bin: p = 0.75 and 0.25, q = 0.5 and 0.5
        Divergence divergence = Divergence.of(new long[] {7, 2}, new long[] {9, 9});

        // 0.25 ln 1.5 + 0.25 ln 2 = 0.25 ln 3
        assertThat(divergence.psi()).isEqualTo(0.25 * Math.log(3), within(1e-12));
        // of the means 0.625 and 0.375
        assertThat(divergence.jensenShannon())
                .isEqualTo(
                        (0.75 * Math.log(1.2)
                                        + 0.25 * Math.log(2.0 / 3)
                                        + 0.5 * Math.log(0.8)
                                        + 0.5 * Math.log(4.0 / 3))
                                / 2,
                        within(1e-12));
        // PSI / (1/9 + 1/18) is 1.648; of chi-square with 1 degree of freedom 19.9% are larger
        assertThat(divergence.pValue()).isEqualTo(0.1992, within(5e-4));
    }

    @Test
    void equalSharesAreNotApartAndEmptyBinsStayFinite() {
        assertThat(Divergence.of(new long[] {5, 0, 5}, new long[] {5, 0, 5})).isEqualTo(new Divergence(0, 0, 1));
        Divergence apart = Divergence.of(new long[] {1_000_000, 0}, new long[] {0, 1_000_000});
        assertThat(apart.psi()).isBetween(20.0, 40.0);
        assertThat(apart.jensenShannon()).isEqualTo(Math.log(2), within(1e-4));
        assertThat(apart.pValue()).isZero();
        assertThat(Divergence.of(new long[] {0}, new long[] {4}).psi()).isNaN();
        assertThat(Divergence.of(new long[] {3}, new long[] {4}).pValue()).isOne();
    }
}
