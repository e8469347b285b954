package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.metric.PairedConfusion.Cell;
import org.junit.jupiter.api.Test;

class PairedConfusionTest {
    @Test
    void keepsTruthAndBothPredictionsApart() {
        PairedConfusion confusion = new PairedConfusion(3);
        confusion.add(2, 1, 0, 4);
        confusion.add(0, 1, 2, 1);
        confusion.add(2, 1, 0, 2);
        confusion.add(1, 1, 1, 0);

        assertThat(confusion.cells()).containsExactly(new Cell(0, 1, 2, 1), new Cell(2, 1, 0, 6));
        assertThat(confusion.first().cells())
                .containsExactly(new ConfusionMatrix.Cell(0, 1, 1), new ConfusionMatrix.Cell(2, 1, 6));
        assertThat(confusion.second().cells())
                .containsExactly(new ConfusionMatrix.Cell(0, 2, 1), new ConfusionMatrix.Cell(2, 0, 6));
    }

    @Test
    void holdsItsLastCellWithAsManyClassesAsItAllows() {
        int classes = 1 << 21;
        PairedConfusion confusion = new PairedConfusion(classes);
        confusion.add(classes - 1, classes - 1, classes - 1, 1);

        assertThat(confusion.cells()).containsExactly(new Cell(classes - 1, classes - 1, classes - 1, 1));
        assertThatThrownBy(() -> new PairedConfusion(classes + 1))
                .hasMessage("Cannot pair two models: found 2097153 classes, expected 1 to 2097152");
    }

    @Test
    void partsMergeToTheWhole() {
        PairedConfusion whole = new PairedConfusion(2);
        whole.add(0, 0, 1, 3);
        whole.add(1, 1, 1, 2);
        PairedConfusion part = new PairedConfusion(2);
        part.add(0, 0, 1, 1);
        PairedConfusion rest = new PairedConfusion(2);
        rest.add(0, 0, 1, 2);
        rest.add(1, 1, 1, 2);
        part.merge(rest);

        assertThat(part.cells()).isEqualTo(whole.cells());
        assertThatThrownBy(() -> part.merge(new PairedConfusion(3)))
                .hasMessage("Cannot merge paired confusions: found one of 3 classes, expected 2 as in the other");
    }

    @Test
    void refusesClassesThatItDoesNotHave() {
        PairedConfusion confusion = new PairedConfusion(2);

        assertThatThrownBy(() -> confusion.add(2, 0, 0, 1))
                .hasMessage("Cannot count a row: found class 2 as its truth, expected 0 to 1");
        assertThatThrownBy(() -> confusion.add(0, -1, 0, 1))
                .hasMessage("Cannot count a row: found class -1 as its first prediction, expected 0 to 1");
        assertThatThrownBy(() -> confusion.add(0, 0, 5, 1))
                .hasMessage("Cannot count a row: found class 5 as its second prediction, expected 0 to 1");
        assertThatThrownBy(() -> confusion.add(0, 0, 0, -1))
                .hasMessage("Cannot count rows: found -1, expected 0 or more");
    }
}
