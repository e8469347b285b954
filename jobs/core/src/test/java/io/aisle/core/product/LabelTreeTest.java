package io.aisle.core.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTreeTest {
    private static final CategoryPath CUPS = CategoryPath.of("Home", "Kitchen", "Cups");
    private static final CategoryPath PANS = CategoryPath.of("Home", "Kitchen", "Pans");
    private static final CategoryPath LAMPS = CategoryPath.of("Home", "Lamps");
    private static final CategoryPath TEA = CategoryPath.of("Tea");

    @Test
    void givesTheCategoriesOfEachLevel() {
        LabelTree tree = LabelTree.of(List.of(CUPS, PANS, LAMPS, TEA));

        assertThat(tree.levels()).isEqualTo(3);
        assertThat(tree.categories(0)).containsExactly(CategoryPath.of("Home"), TEA);
        assertThat(tree.categoryOfLabel(0)).containsExactly(0, 0, 0, 1);
        assertThat(tree.categories(1)).containsExactly(CategoryPath.of("Home", "Kitchen"), LAMPS, TEA);
        assertThat(tree.categoryOfLabel(1)).containsExactly(0, 0, 1, 2);
        assertThat(tree.categories(2)).containsExactly(CUPS, PANS, LAMPS, TEA);
        assertThat(tree.categoryOfLabel(2)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void numbersCategoriesInTheOrderOfTheirFirstLabels() {
        LabelTree tree = LabelTree.of(List.of(TEA, LAMPS, CUPS));

        assertThat(tree.categories(0)).containsExactly(TEA, CategoryPath.of("Home"));
        assertThat(tree.categoryOfLabel(0)).containsExactly(0, 1, 1);
    }

    @Test
    void tellsApartCategoriesOfOneNameUnderTwoParents() {
        LabelTree tree =
                LabelTree.of(List.of(CategoryPath.of("Home", "other", "x"), CategoryPath.of("Tools", "other", "y")));

        assertThat(tree.categories(1))
                .containsExactly(CategoryPath.of("Home", "other"), CategoryPath.of("Tools", "other"));
        assertThat(tree.categoryOfLabel(1)).containsExactly(0, 1);
    }

    @Test
    void aLabelMayBeAnAncestorOfAnother() {
        LabelTree tree = LabelTree.of(List.of(CategoryPath.of("Home"), LAMPS));

        assertThat(tree.categories(0)).containsExactly(CategoryPath.of("Home"));
        assertThat(tree.categories(1)).containsExactly(CategoryPath.of("Home"), LAMPS);
        assertThat(tree.categoryOfLabel(1)).containsExactly(0, 1);
    }

    @Test
    void flatLabelsAreTheirOnlyLevel() {
        LabelTree tree = LabelTree.of(List.of(TEA, CategoryPath.of("Home")));

        assertThat(tree.levels()).isEqualTo(1);
        assertThat(tree.categories(0)).containsExactly(TEA, CategoryPath.of("Home"));
    }

    @Test
    void answersCannotBeChangedFromOutside() {
        LabelTree tree = LabelTree.of(List.of(CUPS, TEA));
        tree.categoryOfLabel(0)[0] = 99;

        assertThat(tree.categoryOfLabel(0)).containsExactly(0, 1);
    }

    @Test
    void noLabelsHaveNoLevel() {
        assertThat(LabelTree.of(List.of()).levels()).isZero();
    }
}
