package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.metric.BootstrapIntervals.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
    @Test
    void subtractsMacroF1OfTheFirstFromThatOfTheSecond() {
        PairedConfusion confusion = new PairedConfusion(2);
        confusion.add(0, 0, 0, 3);
        confusion.add(0, 1, 0, 1);
        confusion.add(1, 1, 1, 1);
        confusion.add(1, 0, 0, 1);

        PairedBootstrap found = PairedBootstrap.of(confusion, 1);

        // F1 = 2TP / (support + predicted): 6 / (4 + 4) and 2 / (2 + 2); 8 / (4 + 5) and 2 / (2 + 1)
        assertThat(found.first()).isEqualTo(5 / 8.0, within(1e-12));
        assertThat(found.second()).isEqualTo(7 / 9.0, within(1e-12));
        assertThat(found.delta()).isEqualTo(11 / 72.0, within(1e-12));
        assertThat(found.notes()).isEmpty();
    }

    @Test
    void isAsWideAsTheNormalApproximationOfTheRowsThatTheModelsJudgeDifferently() {
        // a trillion rows: nothing here may cost by the row
        long million = 1_000_000;
        PairedConfusion confusion = new PairedConfusion(2);
        for (int truth = 0; truth < 2; truth++) {
            int wrong = 1 - truth;
            confusion.add(truth, truth, truth, 400_000 * million);
            confusion.add(truth, wrong, truth, 50_000 * million);
            confusion.add(truth, truth, wrong, 20_000 * million);
            confusion.add(truth, wrong, wrong, 30_000 * million);
        }

        PairedBootstrap found = PairedBootstrap.of(confusion, 22);

        // where both classes are alike macro F1 moves as accuracy does: 0.10 - 0.04 = 0.06, and as in McNemar's test
        // +- 1.96 * sqrt((0.10 + 0.04 - 0.06^2) / 1e12) = 7.24e-7; two samples apart would give 9.29e-7
        assertThat(found.delta()).isCloseTo(0.06, within(1e-12));
        assertThat(found.interval().lower()).isCloseTo(0.06 - 7.24e-7, within(0.7e-7));
        assertThat(found.interval().upper()).isCloseTo(0.06 + 7.24e-7, within(0.7e-7));
    }

    @Test
    void hasNoWidthBetweenModelsThatAnswerAlike() {
        PairedConfusion confusion = new PairedConfusion(3);
        confusion.add(0, 0, 0, 5);
        confusion.add(0, 1, 1, 3);
        confusion.add(1, 2, 2, 4);
        confusion.add(2, 2, 2, 2);

        PairedBootstrap found = PairedBootstrap.of(confusion, 1);

        assertThat(found.delta()).isZero();
        assertThat(found.interval()).isEqualTo(new Interval(0, 0));
    }

    @Test
    void averagesBothModelsOverTheClassesThatHaveRows() {
        PairedConfusion confusion = new PairedConfusion(4);
        confusion.add(0, 0, 0, 2);
        // class 2 has no row, but the first model names it; class 3 has nothing at all
        confusion.add(1, 2, 1, 2);

        PairedBootstrap found = PairedBootstrap.of(confusion, 1);

        assertThat(found.first()).isEqualTo(1 / 2.0, within(1e-12));
        assertThat(found.second()).isEqualTo(1);
        assertThat(found.notes()).containsExactly("macro F1 averages 2 of 4 classes: 2 have no rows");
    }

    @Test
    void repeatsItselfForASeed() {
        PairedConfusion confusion = new PairedConfusion(2);
        confusion.add(0, 0, 1, 30);
        confusion.add(0, 1, 0, 40);
        confusion.add(1, 1, 1, 30);

        assertThat(PairedBootstrap.of(confusion, 7)).isEqualTo(PairedBootstrap.of(confusion, 7));
        assertThat(PairedBootstrap.of(confusion, 7)).isNotEqualTo(PairedBootstrap.of(confusion, 8));
    }

    @Test
    void isUndefinedWithoutRows() {
        PairedBootstrap found = PairedBootstrap.of(new PairedConfusion(2), 1);

        assertThat(found)
                .isEqualTo(new PairedBootstrap(
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        new Interval(Double.NaN, Double.NaN),
                        List.of("macro F1 averages 0 of 2 classes: 2 have no rows")));
    }
}
