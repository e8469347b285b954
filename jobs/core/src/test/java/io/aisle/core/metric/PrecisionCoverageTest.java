package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.metric.PrecisionCoverage.Point;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrecisionCoverageTest {
    @Test
    void goesFromTheSurestRowsToAll() {
        PrecisionCoverage curve = new PrecisionCoverage();
        curve.add(1, true);
        curve.add(0.9, true);
        curve.add(0.9, false);
        curve.add(0.25, false);

        assertThat(curve.points(4))
                .containsExactly(
                        new Point(1, 1, 0.25, 1, WilsonInterval.of(1, 1)),
                        new Point(0.9, 3, 0.75, 2 / 3.0, WilsonInterval.of(2, 3)),
                        new Point(0.25, 4, 1, 0.5, WilsonInterval.of(2, 4)));
    }

    @Test
    void eachPointIsWhatItsThresholdAccepts() {
        Random random = new Random(5);
        PrecisionCoverage curve = new PrecisionCoverage();
        PrecisionCoverage one = new PrecisionCoverage();
        PrecisionCoverage other = new PrecisionCoverage();
        double[] confidences = random.doubles(2_000).toArray();
        for (int row = 0; row < confidences.length; row++) {
            curve.add(confidences[row], row % 3 == 0);
            (row % 2 == 0 ? one : other).add(confidences[row], row % 3 == 0);
        }
        one.merge(other);

        List<Point> points = curve.points(100);

        assertThat(points).hasSizeBetween(95, 100).isEqualTo(one.points(100));
        for (Point point : points) {
            long accepted = 0;
            long right = 0;
            for (int row = 0; row < confidences.length; row++) {
                accepted += confidences[row] >= point.threshold() ? 1 : 0;
                right += confidences[row] >= point.threshold() && row % 3 == 0 ? 1 : 0;
            }
            assertThat(point.accepted()).isEqualTo(accepted);
            assertThat(point.coverage()).isEqualTo(accepted / 2_000.0);
            assertThat(point.precision()).isEqualTo((double) right / accepted);
        }
        assertThat(points.get(points.size() - 1).coverage()).isEqualTo(1);
    }

    @Test
    void ofNoRowsThereIsNoPoint() {
        assertThat(new PrecisionCoverage().points(10)).isEmpty();
    }
}
