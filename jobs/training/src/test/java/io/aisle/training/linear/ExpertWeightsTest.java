package io.aisle.training.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.linear.LevelClasses;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExpertWeightsTest {
    private static final LevelClasses TWO_LEVELS =
            classes("A > a", "A > b", "A > c", "B > d", "B > e", "B > f", "C > g", "C > h");
    private static final LevelClasses THREE_LEVELS = classes(
            "A > a > 1", "A > a > 2", "A > b > 3", "A > b > 4", "B > c > 5", "B > c > 6", "B > d > 7", "B > d > 8");

    @Test
    void findsTheExponentsThatMadeTheAnswers() {
        Random random = new Random(17);
        float[][] margins = margins(TWO_LEVELS, 6_000, random);
        int[] truths = answers(TWO_LEVELS, margins, new double[] {0.7, 2.5}, random);

        assertThat(ExpertWeights.fit(TWO_LEVELS.classOfLabel(), shares(TWO_LEVELS, margins), truths))
                .containsExactly(new double[] {0.7, 2.5}, within(0.12));
    }

    @Test
    void oneLevelHasOneExponent() {
        LevelClasses flat = classes("a", "b", "c");
        Random random = new Random(18);
        float[][] margins = margins(flat, 4_000, random);
        int[] truths = answers(flat, margins, new double[] {1.8}, random);

        assertThat(ExpertWeights.fit(flat.classOfLabel(), shares(flat, margins), truths))
                .containsExactly(new double[] {1.8}, within(0.12));
    }

    /** Of two labels with margins 1 and 0, and right in 3 rows of 4: softmax gives 3/4 where e^s = 3. */
    @Test
    void solvesTwoLabelsAsByHand() {
        LevelClasses flat = classes("a", "b");

        double[] exponents = ExpertWeights.fit(
                flat.classOfLabel(), shares(flat, new float[][] {{1, 1, 1, 1}, {0, 0, 0, 0}}), new int[] {0, 0, 0, 1});

        assertThat(exponents).containsExactly(new double[] {Math.log(3)}, within(1e-4));
    }

    @Test
    void levelThatSaysNothingGetsNothing() {
        Random random = new Random(19);
        float[][] margins = margins(TWO_LEVELS, 6_000, random);
        int[] truths = answers(TWO_LEVELS, margins, new double[] {0, 2}, random);

        double[] exponents = ExpertWeights.fit(TWO_LEVELS.classOfLabel(), shares(TWO_LEVELS, margins), truths);

        assertThat(exponents[0]).isBetween(0.0, 0.1);
        assertThat(exponents[1]).isCloseTo(2, within(0.12));
    }

    @Test
    void levelThatIsAlwaysWrongGetsNothing() {
        LevelClasses flat = classes("a", "b");

        assertThat(ExpertWeights.fit(
                        flat.classOfLabel(), shares(flat, new float[][] {{1, 1, 1}, {0, 0, 0}}), new int[] {1, 1, 1}))
                .containsExactly(0);
    }

    @Test
    void levelThatIsAlwaysRightStaysBounded() {
        LevelClasses flat = classes("a", "b");

        double[] exponents = ExpertWeights.fit(
                flat.classOfLabel(), shares(flat, new float[][] {{1, -1, 1}, {-1, 1, -1}}), new int[] {0, 1, 0});

        assertThat(exponents[0]).isBetween(2.0, 100.0);
    }

    /**
     * A level's margins that hold another's noise would get a exponent below 0; without that, the others have an optimum of their own, at
     * which no exponent can be moved within its bounds and lower the loss.
     */
    @Test
    void noScaleCanBeMovedForTheBetter() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            LevelClasses classes = seed % 2 == 0 ? TWO_LEVELS : THREE_LEVELS;
            float[][] margins = margins(classes, 400, random);
            double[] made = new double[classes.levels()];
            for (int level = 0; level < made.length; level++) {
                made[level] = random.nextGaussian() * 1.5;
            }
            int[] truths = answers(classes, margins, made, random);
            float[][] mixed = mixed(classes, margins, random);

            double[] exponents = ExpertWeights.fit(classes.classOfLabel(), shares(classes, mixed), truths);

            for (int level = 0; level < exponents.length; level++) {
                double slope = slope(classes, mixed, truths, exponents, level);
                assertThat(exponents[level]).isNotNegative();
                if (exponents[level] > 1e-3) {
                    assertThat(slope)
                            .as("seed %d level %d of %s", seed, level, Arrays.toString(exponents))
                            .isCloseTo(0, within(1e-3));
                } else {
                    assertThat(slope)
                            .as("seed %d level %d of %s", seed, level, Arrays.toString(exponents))
                            .isGreaterThan(-1e-3);
                }
            }
        }
    }

    private static LevelClasses classes(String... labels) {
        return LevelClasses.of(
                LabelTree.of(Stream.of(labels).map(CategoryPath::parse).toList()));
    }

    /** Of every level, what a margin comes to is the margin itself. */
    private static float[][][] shares(LevelClasses classes, float[][] margins) {
        float[][][] shares = new float[classes.levels()][][];
        Arrays.fill(shares, margins);
        return shares;
    }

    private static float[][] margins(LevelClasses classes, int rows, Random random) {
        float[][] margins = new float[classes.classes().size()][rows];
        for (float[] ofClass : margins) {
            for (int row = 0; row < rows; row++) {
                ofClass[row] = (float) random.nextGaussian();
            }
        }
        return margins;
    }

    /** Each label as often as softmax of the exponentd sums says. */
    private static int[] answers(LevelClasses classes, float[][] margins, double[] exponents, Random random) {
        return IntStream.range(0, margins[0].length)
                .map(row -> {
                    double[] probabilities = probabilities(classes, margins, row, exponents);
                    double left = random.nextDouble();
                    int label = 0;
                    while (label < probabilities.length - 1 && left >= probabilities[label]) {
                        left -= probabilities[label++];
                    }
                    return label;
                })
                .toArray();
    }

    /** Adds to the margins of each class some of those of the classes above and below it. */
    private static float[][] mixed(LevelClasses classes, float[][] margins, Random random) {
        double share = random.nextDouble() * 2;
        List<int[]> levels = classes.classOfLabel();
        float[][] mixed = new float[margins.length][];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = margins[i].clone();
        }
        for (int label = 0; label < classes.labels(); label++) {
            for (int level = 1; level < levels.size(); level++) {
                float[] above = margins[levels.get(level - 1)[label]];
                float[] of = mixed[levels.get(level)[label]];
                for (int row = 0; row < above.length; row++) {
                    of[row] += (float) (share * above[row]);
                }
            }
        }
        return mixed;
    }

    /** The derivative of the mean negative log-likelihood. */
    private static double slope(LevelClasses classes, float[][] margins, int[] truths, double[] exponents, int level) {
        double step = 1e-5;
        double[] more = exponents.clone();
        more[level] += step;
        double[] less = exponents.clone();
        less[level] -= step;
        return (loss(classes, margins, truths, more) - loss(classes, margins, truths, less)) / (2 * step);
    }

    private static double loss(LevelClasses classes, float[][] margins, int[] truths, double[] exponents) {
        double loss = 0;
        for (int row = 0; row < truths.length; row++) {
            loss -= Math.log(probabilities(classes, margins, row, exponents)[truths[row]]);
        }
        return loss / truths.length;
    }

    private static double[] probabilities(LevelClasses classes, float[][] margins, int row, double[] exponents) {
        double[] probabilities = new double[classes.labels()];
        for (int label = 0; label < probabilities.length; label++) {
            double score = 0;
            for (int level = 0; level < exponents.length; level++) {
                score += exponents[level] * margins[classes.classOfLabel().get(level)[label]][row];
            }
            probabilities[label] = Math.exp(score);
        }
        double sum = Arrays.stream(probabilities).sum();
        return Arrays.stream(probabilities).map(each -> each / sum).toArray();
    }
}
