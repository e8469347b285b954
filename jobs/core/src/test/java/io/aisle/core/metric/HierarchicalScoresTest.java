package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.product.CategoryPath;
import java.util.List;
import org.junit.jupiter.api.Test;

class HierarchicalScoresTest {
    private static final List<CategoryPath> CATEGORIES = List.of(
            CategoryPath.of("Home", "Kitchen", "Cups"),
            CategoryPath.of("Home", "Kitchen", "Pans"),
            CategoryPath.of("Tools", "Saws"));

    /** Cups for cups shares 3 of 3 and 3, pans for cups 2 of 3 and 3, saws for cups 0 of 2 and 3: 5 of 8 predicted, of 9 true. */
    @Test
    void countsSharedAncestorsAsByHand() {
        ConfusionMatrix confusion = new ConfusionMatrix(3);
        confusion.add(0, 0, 1);
        confusion.add(0, 1, 1);
        confusion.add(0, 2, 1);

        HierarchicalScores scores = HierarchicalScores.of(confusion, CATEGORIES);

        assertThat(scores.precision()).isCloseTo(5.0 / 8, within(1e-12));
        assertThat(scores.recall()).isCloseTo(5.0 / 9, within(1e-12));
        assertThat(scores.f1()).isCloseTo(10.0 / 17, within(1e-12));
    }

    @Test
    void nothingSharedIsZeroAndNoRowsAreUndefined() {
        ConfusionMatrix confusion = new ConfusionMatrix(3);
        assertThat(HierarchicalScores.of(confusion, CATEGORIES).f1()).isNaN();

        confusion.add(0, 2, 4);
        assertThat(HierarchicalScores.of(confusion, CATEGORIES).f1()).isZero();
    }

    /** Flat categories share all or nothing. */
    @Test
    void ofOneLevelIsAccuracy() {
        ConfusionMatrix confusion = new ConfusionMatrix(2);
        confusion.add(0, 0, 3);
        confusion.add(1, 0, 1);

        HierarchicalScores scores =
                HierarchicalScores.of(confusion, List.of(CategoryPath.of("Cups"), CategoryPath.of("Pans")));

        assertThat(scores.precision()).isEqualTo(0.75);
        assertThat(scores.recall()).isEqualTo(0.75);
        assertThat(scores.f1()).isEqualTo(0.75);
    }
}
