package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingCurveTest {
    @Test
    void countsATieHalf() {
        float[] scores = {0.4f, 0.9f, 0.8f, 0.7f, 0.8f, 0.4f};
        boolean[] positives = {false, true, false, true, true, false};

        // of 3 x 3 pairs: 0.9 is above 3; 0.8 ties with one and is above 2; 0.7 is above 2
        assertThat(RankingCurve.area(scores, positives)).isEqualTo((3 + 2.5 + 2) / 9);
    }

    @Test
    void equalsCountingEveryPair() {
        Random random = new Random(31);
        for (int set = 0; set < 20; set++) {
            int rows = 300;
            float[] scores = new float[rows];
            boolean[] positives = new boolean[rows];
            for (int row = 0; row < rows; row++) {
                positives[row] = random.nextInt(4) == 0;
                // few distinct scores, so that many tie
                scores[row] = (random.nextInt(20) + (positives[row] ? 4 : 0)) / 24f;
            }

            assertThat(RankingCurve.area(scores, positives)).isCloseTo(pairs(scores, positives), within(1e-12));
        }
    }

    @Test
    void takesRowsThatShareAScoreInAnyOrderAndAtOnce() {
        RankingCurve curve = new RankingCurve();
        curve.add(2, false, 3);
        curve.add(2, true, 2);
        curve.add(2, false, 1);
        curve.add(-1, true, 1);
        curve.add(-1, false, 4);

        // of 3 x 8 pairs: 2 positives tie with 4 and are above 4; 1 ties with 4
        assertThat(curve.area()).isEqualTo((2 * (2 + 4) + 2) / 24.0);
    }

    @Test
    void canBeReadOnTheWay() {
        RankingCurve curve = new RankingCurve();
        curve.add(2, true, 1);
        curve.add(2, false, 1);
        assertThat(curve.area()).isEqualTo(0.5);

        curve.add(2, true, 1);
        curve.add(1, false, 1);

        // of 2 x 2 pairs: both tie with one and are above one
        assertThat(curve.area()).isEqualTo(0.75);
    }

    @Test
    void isUndefinedWithoutPositivesOrWithoutNegatives() {
        assertThat(RankingCurve.area(new float[] {0.1f, 0.2f}, new boolean[] {true, true}))
                .isNaN();
        assertThat(RankingCurve.area(new float[] {0.1f, 0.2f}, new boolean[] {false, false}))
                .isNaN();
        assertThat(RankingCurve.area(new float[0], new boolean[0])).isNaN();
    }

    @Test
    void refusesRowsThatAreNotInDescendingOrder() {
        RankingCurve curve = new RankingCurve();
        curve.add(0.5, true, 1);

        assertThatThrownBy(() -> curve.add(0.75, false, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot rank a row: found score 0.75, expected no more than 0.5, the score before it");
        assertThatThrownBy(() -> curve.add(Double.NaN, false, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot rank a row: found score NaN, expected no more than 0.5, the score before it");
    }

    @Test
    void refusesTruthsThatDoNotFitTheScores() {
        assertThatThrownBy(() -> RankingCurve.area(new float[2], new boolean[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot rank rows: found 3 truths, expected 2, one a score");
    }

    private static double pairs(float[] scores, boolean[] positives) {
        double above = 0;
        long pairs = 0;
        for (int positive = 0; positive < scores.length; positive++) {
            for (int negative = 0; negative < scores.length; negative++) {
                if (positives[positive] && !positives[negative]) {
                    pairs++;
                    above += (Math.signum(scores[positive] - scores[negative]) + 1) / 2;
                }
            }
        }
        return above / pairs;
    }
}
