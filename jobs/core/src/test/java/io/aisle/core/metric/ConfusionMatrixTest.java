package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.metric.ConfusionMatrix.Cell;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    @Test
    void countsRowsByTruthAndPrediction() {
        ConfusionMatrix confusion = new ConfusionMatrix(3);
        confusion.add(2, 0, 1);
        confusion.add(0, 0, 2);
        confusion.add(0, 1, 4);
        confusion.add(0, 0, 3);
        confusion.add(1, 1, 0);

        assertThat(confusion.cells()).containsExactly(new Cell(0, 0, 5), new Cell(0, 1, 4), new Cell(2, 0, 1));
        assertThat(confusion.rows()).isEqualTo(10);
        assertThat(confusion.support()).containsExactly(9, 0, 1);
        assertThat(confusion.predicted()).containsExactly(6, 4, 0);
    }

    @Test
    void mergesTheCountsOfAnother() {
        ConfusionMatrix confusion = new ConfusionMatrix(2);
        confusion.add(0, 1, 2);
        ConfusionMatrix other = new ConfusionMatrix(2);
        other.add(0, 1, 3);
        other.add(1, 1, 7);

        confusion.merge(other);

        assertThat(confusion.cells()).containsExactly(new Cell(0, 1, 5), new Cell(1, 1, 7));
        assertThat(other.rows()).isEqualTo(10);
    }

    @Test
    void keepsCellsApartAmongMoreClassesThanAnIntHasCellsFor() {
        ConfusionMatrix confusion = new ConfusionMatrix(100_000);
        confusion.add(99_999, 99_998, 1);

        assertThat(confusion.cells()).containsExactly(new Cell(99_999, 99_998, 1));
    }

    @Test
    void refusesClassesItDoesNotHave() {
        ConfusionMatrix confusion = new ConfusionMatrix(3);

        assertThatThrownBy(() -> confusion.add(-1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot count a row: found class -1 as its truth, expected 0 to 2");
        assertThatThrownBy(() -> confusion.add(0, 3, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot count a row: found class 3 as its prediction, expected 0 to 2");
        assertThatThrownBy(() -> new ConfusionMatrix(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a confusion matrix: found 0 classes, expected at least 1");
    }

    @Test
    void refusesNegativeCounts() {
        assertThatThrownBy(() -> new ConfusionMatrix(3).add(0, 0, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot count rows: found -1, expected 0 or more");
    }

    @Test
    void refusesToMergeAMatrixOfOtherClasses() {
        assertThatThrownBy(() -> new ConfusionMatrix(3).merge(new ConfusionMatrix(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot merge confusion matrices: found one of 4 classes, expected 3 as in the other");
    }
}
