package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    private final Quantiles quantiles = new Quantiles(List.of(0.0, 0.5, 1.0), List.of(10, 20, 100));

    @Test
    void isStraightBetweenWhatIsKnown() {
        assertThat(quantiles.at(0)).isEqualTo(10);
        assertThat(quantiles.at(0.25)).isEqualTo(15);
        assertThat(quantiles.at(0.75)).isEqualTo(60);
        assertThat(quantiles.at(1)).isEqualTo(100);
    }

    @Test
    void drawsAtEvenSteps() {
        assertThat(quantiles.draw(4, 1)).containsExactlyInAnyOrder(13, 18, 40, 80);
        assertThat(quantiles.draw(4, 1)).isEqualTo(quantiles.draw(4, 1));
    }

    @Test
    void refusesSharesThatDoNotEndAtOne() {
        assertThatThrownBy(() -> new Quantiles(List.of(0.0, 0.5), List.of(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 0 to 1");
    }
}
