package io.aisle.batch.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.UserException;
import io.aisle.core.linear.LevelClasses;
import io.aisle.core.linear.LevelSigmoid;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelFitTest {
    private static final LevelClasses CLASSES = LevelClasses.of(
            LabelTree.of(List.of(CategoryPath.of("A", "a"), CategoryPath.of("A", "b"), CategoryPath.of("B", "c"))));

    /** Each margin is drawn, and then whether it is one of the class, as the sigmoid says. */
    @Test
    void findsTheSigmoidThatMadeTheAnswers() {
        Random random = new Random(4);
        float[][] margins = new float[2][20_000];
        int[] classOfRow = new int[20_000];
        for (int row = 0; row < classOfRow.length; row++) {
            margins[0][row] = (float) random.nextGaussian();
            // the other class is not to be told from chance
            margins[1][row] = -100;
            double probability = 1 / (1 + Math.exp(-3 * margins[0][row] - 0.5));
            classOfRow[row] = random.nextDouble() < probability ? 0 : -1;
        }

        PlattScaling found = PlattScaling.fit(new float[][] {margins[0], null}, classOfRow);

        assertThat(found.slope()).isCloseTo(3, within(0.15));
        assertThat(found.offset()).isCloseTo(0.5, within(0.1));
    }

    @Test
    void aGreaterMarginIsNeverLessProbable() {
        PlattScaling found = PlattScaling.fit(new float[][] {{1, 2, -1, -2}}, new int[] {-1, -1, 0, 0});

        assertThat(found.slope()).isZero();
    }

    @Test
    void marginsThatAreAlwaysRightStayBounded() {
        PlattScaling found = PlattScaling.fit(new float[][] {{1, 1, -1, -1}}, new int[] {0, 0, -1, -1});

        // targets are 3/4 and 1/4: log 3 on either side
        assertThat(found.slope()).isCloseTo(Math.log(3), within(1e-3));
        assertThat(found.offset()).isCloseTo(0, within(1e-6));
    }

    @Test
    void scoresOfRowsAreThoseOfTheClasses() {
        List<LevelSigmoid> levels = List.of(new LevelSigmoid(2, 0, 1), new LevelSigmoid(1, 1, 0.5));
        float[][] margins = {{1, 2}, {-1, 0}, {0.5f, 3}, {0.25f, -3}};

        float[][] scores = LevelFit.scores(CLASSES, margins, 2, levels);

        assertThat(scores[0]).isEqualTo(CLASSES.scores(new float[] {1, -1, 0.5f, 0.25f}, levels));
        assertThat(scores[1]).isEqualTo(CLASSES.scores(new float[] {2, 0, 3, -3}, levels));
    }

    @Test
    void refusesNoRows() {
        assertThatThrownBy(() -> LevelFit.fit(CLASSES, new float[4][0], new int[0]))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot calibrate the margins of levels: found no validation rows, expected at least 1."
                        + " Give the validation part of the split more rows.");
    }
}
