package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.metric.BootstrapIntervals.Interval;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapIntervalsTest {
    @Test
    void containsTheTruthAboutNineteenTimesInTwenty() {
        // what a row is, and is given, in a world whose accuracy and F1 are known from these very numbers
        double[][] world = {{0.40, 0.05, 0.05}, {0.06, 0.20, 0.04}, {0.05, 0.03, 0.12}};
        // accuracy 0.72. F1 = 2TP / (support + predicted): 0.80 / (0.50 + 0.51), 0.40 / (0.30 + 0.28), 0.24 / (0.20 +
        // 0.21)
        double lamp = 0.80 / 1.01;
        double sofa = 0.40 / 0.58;
        double vase = 0.24 / 0.41;
        double macroF1 = (lamp + sofa + vase) / 3;
        double weightedF1 = 0.5 * lamp + 0.3 * sofa + 0.2 * vase;
        Random random = new Random(21);

        int accuracyInside = 0;
        int macroInside = 0;
        int weightedInside = 0;
        for (int set = 0; set < 200; set++) {
            BootstrapIntervals intervals = BootstrapIntervals.of(sample(world, 500, random), set);
            accuracyInside += contains(intervals.accuracy(), 0.72) ? 1 : 0;
            macroInside += contains(intervals.macroF1(), macroF1) ? 1 : 0;
            weightedInside += contains(intervals.weightedF1(), weightedF1) ? 1 : 0;
        }

        assertThat(accuracyInside).isBetween(180, 198);
        assertThat(macroInside).isBetween(180, 198);
        assertThat(weightedInside).isBetween(180, 198);
    }

    @Test
    void isAsWideAsTheNormalApproximationOfManyRows() {
        // a trillion rows: nothing here may cost by the row
        long million = 1_000_000;
        ConfusionMatrix confusion = new ConfusionMatrix(2);
        confusion.add(0, 0, 400_000 * million);
        confusion.add(0, 1, 100_000 * million);
        confusion.add(1, 0, 100_000 * million);
        confusion.add(1, 1, 400_000 * million);

        Interval accuracy = BootstrapIntervals.of(confusion, 22).accuracy();

        // 0.8 +- 1.96 * sqrt(0.8 * 0.2 / 1e12) = 0.8 +- 7.84e-7
        assertThat(accuracy.lower()).isCloseTo(0.8 - 7.84e-7, within(0.8e-7));
        assertThat(accuracy.upper()).isCloseTo(0.8 + 7.84e-7, within(0.8e-7));
    }

    @Test
    void repeatsItselfForASeed() {
        ConfusionMatrix confusion = sample(new double[][] {{0.5, 0.2}, {0.1, 0.2}}, 300, new Random(23));

        assertThat(BootstrapIntervals.of(confusion, 7)).isEqualTo(BootstrapIntervals.of(confusion, 7));
        assertThat(BootstrapIntervals.of(confusion, 7)).isNotEqualTo(BootstrapIntervals.of(confusion, 8));
    }

    @Test
    void hasNoWidthWhereEveryRowIsRight() {
        ConfusionMatrix confusion = new ConfusionMatrix(3);
        confusion.add(0, 0, 10);
        confusion.add(1, 1, 1);

        // a resample without the one row of class 1 leaves that class out: macro F1 stays 1
        assertThat(BootstrapIntervals.of(confusion, 1))
                .isEqualTo(new BootstrapIntervals(new Interval(1, 1), new Interval(1, 1), new Interval(1, 1)));
    }

    @Test
    void isUndefinedWithoutRows() {
        Interval undefined = new Interval(Double.NaN, Double.NaN);

        assertThat(BootstrapIntervals.of(new ConfusionMatrix(2), 1))
                .isEqualTo(new BootstrapIntervals(undefined, undefined, undefined));
    }

    private static ConfusionMatrix sample(double[][] world, int rows, Random random) {
        ConfusionMatrix confusion = new ConfusionMatrix(world.length);
        for (int row = 0; row < rows; row++) {
            double left = random.nextDouble();
            int cell = -1;
            while (left >= 0 && cell < world.length * world.length - 1) {
                cell++;
                left -= world[cell / world.length][cell % world.length];
            }
            confusion.add(cell / world.length, cell % world.length, 1);
        }
        return confusion;
    }

    private static boolean contains(Interval interval, double value) {
        return interval.lower() <= value && value <= interval.upper();
    }
}
