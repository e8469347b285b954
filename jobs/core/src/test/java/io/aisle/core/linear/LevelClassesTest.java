package io.aisle.core.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import java.util.BitSet;
import java.util.List;
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
    void leavesOutALevelThatDividesAsTheOneAbove() {
        LevelClasses classes = of("Home > Cups > Glass", "Home > Pans > Steel", "Tools > Saws > Hand");

        assertThat(classes.levels()).isEqualTo(2);
        assertThat(classes.classOfLabel().get(1)).containsExactly(2, 3, 1);
    }

    @Test
    void addsUpWhatTheMarginsOfEveryLevelComeTo() {
        LevelClasses classes = of("Home > Cups", "Home > Pans", "Tools > Saws");
        LevelSigmoid upper = new LevelSigmoid(2, 0.5, 3);
        LevelSigmoid lower = new LevelSigmoid(1, 0, 0.5);

        // of Home, Tools (and Saws), Cups, Pans
        float[] scores = classes.scores(new float[] {1, -1, 0.5f, 0.25f}, List.of(upper, lower));

        double home = 3 * logSigmoid(2.5);
        assertThat(scores)
                .containsExactly(
                        new float[] {
                            (float) (home + 0.5 * logSigmoid(0.5)),
                            (float) (home + 0.5 * logSigmoid(0.25)),
                            (float) (3 * logSigmoid(-1.5) + 0.5 * logSigmoid(-1))
                        },
                        within(1e-6f));
    }

    @Test
    void sigmoidStaysANumberFarOut() {
        LevelSigmoid sigmoid = new LevelSigmoid(1, 0, 1);

        assertThat(sigmoid.logProbability(-5_000)).isEqualTo(-5_000);
        assertThat(sigmoid.logProbability(5_000)).isZero();
        assertThat(sigmoid.dividedBy(4)).isEqualTo(new LevelSigmoid(1, 0, 0.25));
    }

    private static double logSigmoid(double x) {
        return -Math.log(1 + Math.exp(-x));
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
