package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.train.CascadeCurve.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class CascadeCurveTest {
    /**
     * Ten rows. Sent on to the second from the least sure one on, the cascade has right:
     *
     * <pre>
     * confidence  rows  first  second   sent  right
     *                                      0      6
     *        0.3     2      0       2      2      8
     *        0.5     2      1       2      4      9
     *        0.9     4      3       4      8     10
     *        1.0     2      2       1     10      9
     * </pre>
     */
    private static CascadeCurve ten() {
        CascadeCurve curve = new CascadeCurve();
        curve.add(CascadeCurve.step(1.0), 2, 2, 1);
        curve.add(CascadeCurve.step(0.9), 4, 3, 4);
        curve.add(CascadeCurve.step(0.5), 1, 1, 1);
        curve.add(CascadeCurve.step(0.5), 1, 0, 1);
        curve.add(CascadeCurve.step(0.3), 2, 0, 2);
        return curve;
    }

    @Test
    void knowsBothAlone() {
        assertThat(ten().rows()).isEqualTo(10);
        assertThat(ten().firstAccuracy()).isCloseTo(0.6, within(1e-12));
        assertThat(ten().secondAccuracy()).isCloseTo(0.9, within(1e-12));
    }

    /** The second alone has 9 right: to lose none takes 4 rows, to lose a tenth of the rows takes 2, to lose 3 of them takes none. */
    @Test
    void choosesTheThresholdThatSendsTheFewest() {
        assertThat(ten().choose(0)).isEqualTo(new Point(0.5001, 0.4, 0.9));
        assertThat(ten().choose(0.1)).isEqualTo(new Point(0.3001, 0.2, 0.8));
        assertThat(ten().choose(0.25)).isEqualTo(new Point(0.3001, 0.2, 0.8));
        assertThat(ten().choose(0.3)).isEqualTo(new Point(0, 0, 0.6));
    }

    @Test
    void sendsNoneWhereTheFirstIsTheBetter() {
        CascadeCurve curve = new CascadeCurve();
        curve.add(CascadeCurve.step(0.2), 3, 1, 2);
        curve.add(CascadeCurve.step(0.8), 7, 7, 5);

        assertThat(curve.choose(0)).isEqualTo(new Point(0, 0, 0.8));
    }

    /** What the first is wholly sure of is under no threshold of 1. */
    @Test
    void sendsAllWhereTheFirstIsWrongOfWhatItIsSureOf() {
        CascadeCurve curve = new CascadeCurve();
        curve.add(CascadeCurve.step(0.2), 5, 5, 5);
        curve.add(CascadeCurve.step(1), 5, 0, 5);

        assertThat(curve.choose(0)).isEqualTo(new Point(1.0001, 1, 1));
    }

    /** Of 1,500 rows 0.002 are 3, though 0.002 is no binary number. */
    @Test
    void countsTheTargetExactly() {
        CascadeCurve curve = new CascadeCurve();
        curve.add(CascadeCurve.step(0.4), 4, 0, 4);
        curve.add(CascadeCurve.step(0.6), 3, 0, 3);
        curve.add(CascadeCurve.step(0.9), 1_493, 1_493, 1_493);

        assertThat(curve.choose(0.002).threshold()).isEqualTo(0.4001);
        assertThat(curve.choose(0.0019).threshold()).isEqualTo(0.6001);
    }

    @Test
    void drawsPointsFromNoneToAll() {
        List<Point> points = ten().points(5);

        assertThat(points)
                .containsExactly(
                        new Point(0.3, 0, 0.6),
                        new Point(0.5, 0.2, 0.8),
                        new Point(0.9, 0.4, 0.9),
                        new Point(1, 0.8, 1),
                        new Point(1.0001, 1, 0.9));
    }

    /** Five parts of ten rows are two rows each, two parts five. */
    @Test
    void leavesOutPointsThatAreCloserThanAPart() {
        CascadeCurve curve = new CascadeCurve();
        for (int row = 0; row < 10; row++) {
            curve.add(CascadeCurve.step(0.05 + row / 10.0), 1, 1, 1);
        }

        assertThat(curve.points(5)).extracting(Point::sentShare).containsExactly(0.0, 0.2, 0.4, 0.6, 0.8, 1.0);
        assertThat(curve.points(2)).extracting(Point::sentShare).containsExactly(0.0, 0.5, 1.0);
    }

    @Test
    void aStepsThresholdIsAtMostTheConfidence() {
        for (float confidence : new float[] {0, 0.1f, 0.29f, 0.3f, 0.57f, 0.7f, 0.9999f, 1}) {
            int step = CascadeCurve.step(confidence);
            assertThat(step / 10_000.0).isLessThanOrEqualTo(confidence);
            assertThat((step + 1) / 10_000.0).isGreaterThan(confidence);
        }
    }
}
