package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogLossTest {
    @Test
    void averagesMinusTheLogarithmOfTheTruthsProbability() {
        LogLoss loss = new LogLoss();
        loss.add(1);
        loss.add(0.5);
        loss.add(0.125);

        // (0 + ln 2 + 3 ln 2) / 3
        assertThat(loss.mean()).isCloseTo(4 * Math.log(2) / 3, within(1e-12));
    }

    @Test
    void boundsWhatAnImpossibleTruthCosts() {
        LogLoss loss = new LogLoss();
        loss.add(0);

        // -ln 1e-15 = 15 ln 10
        assertThat(loss.mean()).isCloseTo(15 * Math.log(10), within(1e-9));
    }

    @Test
    void isUndefinedWithoutRows() {
        assertThat(new LogLoss().mean()).isNaN();
    }

    @Test
    void refusesWhatIsNoProbability() {
        assertThatThrownBy(() -> new LogLoss().add(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot measure a probability: found NaN, expected 0 to 1");
    }
}
