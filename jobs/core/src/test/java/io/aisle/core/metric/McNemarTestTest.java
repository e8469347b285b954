package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class McNemarTestTest {
    /** 2 (C(10,0) + C(10,1) + C(10,2)) / 2^10 = 2 · 56 / 1024. */
    @Test
    void isTheBinomialTailAsByHand() {
        assertThat(new McNemarTest(8, 2).pValue()).isCloseTo(0.109375, within(1e-12));
        assertThat(new McNemarTest(2, 8).pValue()).isCloseTo(0.109375, within(1e-12));
    }

    @Test
    void findsNoDifferenceWhereThereIsNone() {
        assertThat(new McNemarTest(0, 0).pValue()).isEqualTo(1);
        assertThat(new McNemarTest(5, 5).pValue()).isEqualTo(1);
    }

    /** For many rows the tail is that of the normal distribution: 5,000 and 5,200 are 1.98 standard deviations apart. */
    @Test
    void holdsForRowsBeyondWhatDoublesCanRaiseTwoTo() {
        assertThat(new McNemarTest(5_000, 5_200).pValue()).isCloseTo(0.0488, within(5e-4));
        assertThat(new McNemarTest(1_000, 9_000).pValue()).isLessThan(1e-300);
    }

    @Test
    void refusesLessThanNoRows() {
        assertThatThrownBy(() -> new McNemarTest(-1, 0))
                .hasMessageContaining("found -1 and 0 rows, expected 0 or more");
    }
}
