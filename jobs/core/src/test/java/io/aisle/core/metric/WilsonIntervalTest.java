package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WilsonIntervalTest {
    /** 9 of 10: (0.9 + z²/20 ± z √(0.09/10 + z²/400)) / (1 + z²/10) with z² = 3.8415: (1.09207 ± 0.26733) / 1.38415. */
    @Test
    void isTheFormulaAsByHand() {
        WilsonInterval interval = WilsonInterval.of(9, 10);

        assertThat(interval.lower()).isEqualTo(0.5958, within(5e-5));
        assertThat(interval.upper()).isEqualTo(0.9821, within(5e-5));
    }

    @Test
    void hasWidthWhereAllRowsOrNoneAreHits() {
        // z² / (10 + z²) = 0.2775
        assertThat(WilsonInterval.of(10, 10).lower()).isEqualTo(1 - 0.2775, within(5e-5));
        assertThat(WilsonInterval.of(10, 10).upper()).isEqualTo(1);
        assertThat(WilsonInterval.of(0, 10).lower()).isZero();
        assertThat(WilsonInterval.of(0, 10).upper()).isEqualTo(0.2775, within(5e-5));
    }

    @Test
    void holdsTheShareOfAnyRows() {
        for (int rows = 1; rows <= 200; rows++) {
            for (int hits = 0; hits <= rows; hits++) {
                WilsonInterval interval = WilsonInterval.of(hits, rows);

                assertThat((double) hits / rows).isBetween(interval.lower(), interval.upper());
                assertThat(interval.lower()).isNotNegative();
                assertThat(interval.upper()).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void isUndefinedWithoutRows() {
        assertThat(WilsonInterval.of(0, 0).lower()).isNaN();
        assertThat(WilsonInterval.of(0, 0).upper()).isNaN();
    }

    @Test
    void refusesMoreHitsThanRows() {
        assertThatThrownBy(() -> WilsonInterval.of(3, 2))
                .hasMessage("Cannot give an interval: found 3 of 2 rows, expected 0 to all of them");
    }
}
