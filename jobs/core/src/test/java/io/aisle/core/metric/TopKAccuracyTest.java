package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TopKAccuracyTest {
    @Test
    void countsRowsWhoseTruthIsAmongTheFirst() {
        TopKAccuracy accuracy = new TopKAccuracy(3);
        accuracy.add(7, new int[] {7, 1, 2, 3});
        accuracy.add(7, new int[] {1, 2, 7, 3});
        accuracy.add(7, new int[] {1, 2, 3, 7});
        accuracy.add(7, new int[] {1});

        assertThat(accuracy.accuracy(1)).isEqualTo(1 / 4.0);
        assertThat(accuracy.accuracy(2)).isEqualTo(1 / 4.0);
        assertThat(accuracy.accuracy(3)).isEqualTo(2 / 4.0);
    }

    @Test
    void isUndefinedWithoutRows() {
        assertThat(new TopKAccuracy(5).accuracy(5)).isNaN();
    }

    @Test
    void refusesWhatItDidNotMeasure() {
        TopKAccuracy accuracy = new TopKAccuracy(3);

        assertThatThrownBy(() -> accuracy.accuracy(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot give top-k accuracy: found k = 4, expected 1 to 3");
        assertThatThrownBy(() -> accuracy.merge(new TopKAccuracy(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot merge top-k accuracies: found one up to k = 5, expected 3 as in the other");
        assertThatThrownBy(() -> new TopKAccuracy(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot measure top-k accuracy: found k = 0, expected 1 or more");
    }
}
