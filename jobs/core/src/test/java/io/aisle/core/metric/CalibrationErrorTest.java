package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.metric.CalibrationError.Bin;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationErrorTest {
    @Test
    void weighsTheGapOfEachBinByItsRows() {
        CalibrationError calibration = new CalibrationError();
        // bin 15, (14/15, 1]: mean confidence 0.96, accuracy 1/2
        calibration.add(0.95, true);
        calibration.add(0.97, false);
        // bin 8, (7/15, 8/15]: mean confidence 0.51, accuracy 1
        calibration.add(0.50, true);
        calibration.add(0.52, true);
        // bin 3, (2/15, 3/15], by its upper edge: confidence 0.2, accuracy 0
        calibration.add(0.2, false);

        // 2/5 * 0.46 + 2/5 * 0.49 + 1/5 * 0.2 = 0.42
        assertThat(calibration.error()).isCloseTo(0.42, within(1e-12));
    }

    @Test
    void showsTheBinsOfAReliabilityDiagram() {
        CalibrationError calibration = new CalibrationError();
        calibration.add(0, false);
        calibration.add(0.75, true);
        calibration.add(0.75, true);
        calibration.add(0.75, false);
        calibration.add(0.75, true);
        calibration.add(1, true);

        List<Bin> bins = calibration.bins();
        assertThat(bins).hasSize(15);
        assertThat(bins.get(0)).isEqualTo(new Bin(0, 1 / 15.0, 1, 0, 0));
        assertThat(bins.get(1)).isEqualTo(new Bin(1 / 15.0, 2 / 15.0, 0, Double.NaN, Double.NaN));
        assertThat(bins.get(11)).isEqualTo(new Bin(11 / 15.0, 12 / 15.0, 4, 0.75, 0.75));
        assertThat(bins.get(14)).isEqualTo(new Bin(14 / 15.0, 1, 1, 1, 1));
        assertThat(bins)
                .extracting(Bin::rows)
                .containsExactly(1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 4L, 0L, 0L, 1L);
        assertThat(calibration.error()).isZero();
    }

    @Test
    void isUndefinedWithoutRows() {
        assertThat(new CalibrationError().error()).isNaN();
    }

    @Test
    void takesFloatRoundingAboveOneAsOne() {
        CalibrationError calibration = new CalibrationError();
        calibration.add(Math.nextUp(1f), true);

        assertThat(calibration.error()).isZero();
    }

    @Test
    void refusesWhatIsNoProbability() {
        CalibrationError calibration = new CalibrationError();

        assertThatThrownBy(() -> calibration.add(Double.NaN, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot measure a probability: found NaN, expected 0 to 1");
        assertThatThrownBy(() -> calibration.add(1.5, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot measure a probability: found 1.5, expected 0 to 1");
        assertThatThrownBy(() -> calibration.add(-0.25, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot measure a probability: found -0.25, expected 0 to 1");
    }
}
