package io.aisle.batch.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.HandMadeBundle;
import org.junit.jupiter.api.Test;

class TruthsTest {
    private final Truths truths = new Truths(HandMadeBundle.get());

    @Test
    void numbersTheLabelsFirstAndThenTheFoldedClasses() {
        assertThat(truths.paths())
                .containsExactly("Grocery > Tea", "Home > Lamps", "Tools > other", "Tools > Anvils", "Tools > Saws");
        assertThat(truths.index("Home > Lamps")).isEqualTo(1);
        assertThat(truths.index("Tools > Saws")).isEqualTo(4);
    }

    @Test
    void countsFoldedClassForTheLabelThatStandsForIt() {
        assertThat(truths.label(1)).isEqualTo(1);
        assertThat(truths.label(truths.index("Tools > Anvils"))).isEqualTo(truths.index("Tools > other"));
    }

    @Test
    void knowsNothingElse() {
        assertThat(truths.isKnown("Tools > Saws")).isTrue();
        assertThat(truths.isKnown("Tools")).isFalse();
        assertThat(truths.isKnown("home > lamps")).isFalse();
    }
}
