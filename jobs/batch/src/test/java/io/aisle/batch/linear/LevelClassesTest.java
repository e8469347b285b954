package io.aisle.batch.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import java.util.BitSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LevelClassesTest {
    @Test
    void fitsEachCategoryOfEachLevel() {
        LevelClasses classes = of("Home > Cups", "Home > Pans", "Tools > Drills", "Tools > Saws");

        assertThat(classes.classes()).containsExactly(set(0, 1), set(2, 3), set(0), set(1), set(2), set(3));
        assertThat(classes.levels()).isEqualTo(2);
        assertThat(classes.labels()).isEqualTo(4);
        assertThat(classes.classOfLabel().get(0)).containsExactly(0, 0, 1, 1);
        assertThat(classes.classOfLabel().get(1)).containsExactly(2, 3, 4, 5);
    }

    @Test
    void categoriesOfTheSameLabelsAreFittedOnce() {
        // Tools has one label, so that the category and the label are one class; so has Tea, which ends above
        LevelClasses classes = of("Home > Cups", "Home > Pans", "Tools > Saws", "Tea");

        assertThat(classes.classes()).containsExactly(set(0, 1), set(2), set(3), set(0), set(1));
        assertThat(classes.classOfLabel().get(0)).containsExactly(0, 0, 1, 2);
        assertThat(classes.classOfLabel().get(1)).containsExactly(3, 4, 1, 2);
    }

    @Test
    void leavesOutALevelOfOneCategory() {
        LevelClasses classes = of("Shop > Home > Cups", "Shop > Home > Pans", "Shop > Tools > Saws");

        assertThat(classes.levels()).isEqualTo(2);
        assertThat(classes.classes()).containsExactly(set(0, 1), set(2), set(0), set(1));
    }

    @Test
    void flatLabelsAreOneLevel() {
        LevelClasses classes = of("Cups", "Pans", "Saws");

        assertThat(classes.levels()).isEqualTo(1);
        assertThat(classes.classes()).containsExactly(set(0), set(1), set(2));
    }

    @Test
    void addsUpTheScaledValuesOfEveryLevel() {
        LevelClasses classes = of("Home > Cups", "Home > Pans", "Tools > Saws");
        double[] scores = new double[3];

        // of Home, Tools (and Saws), Cups, Pans
        classes.addUp(new float[] {1, -1, 0.5f, 0.25f}, new double[] {2, 10}, scores);

        // 2 · 1 + 10 · 0.5, 2 · 1 + 10 · 0.25, 2 · -1 + 10 · -1
        assertThat(scores).containsExactly(7, 4.5, -12);
    }

    private static LevelClasses of(String... labels) {
        return LevelClasses.of(
                LabelTree.of(Stream.of(labels).map(CategoryPath::parse).toList()));
    }

    private static BitSet set(int... labels) {
        BitSet set = new BitSet();
        for (int label : labels) {
            set.set(label);
        }
        return set;
    }
}
