package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
    @Test
    void warmsUpAndDecaysLinearly() {
        TrainingPlan plan = new TrainingPlan(1, 32, 1e-3, 1e-3, 0.25, 0, 0, 0, 1, 1, 1);

        double[] shares = IntStream.range(0, 8)
                .mapToDouble(step -> plan.rateShare(step, 8))
                .toArray();

        assertThat(shares).containsExactly(0.5, 1, 1, 5 / 6.0, 4 / 6.0, 3 / 6.0, 2 / 6.0, 1 / 6.0);
    }

    @Test
    void startsAtTheHighestRateWithoutWarmUp() {
        TrainingPlan plan = new TrainingPlan(1, 32, 1e-3, 1e-3, 0, 0, 0, 0, 1, 1, 1);

        assertThat(plan.rateShare(0, 4)).isEqualTo(1);
        assertThat(plan.rateShare(3, 4)).isEqualTo(0.25);
    }

    @Test
    void refusesAllBadValuesTogether() {
        assertThatThrownBy(() -> new TrainingPlan(0, 0, -1, Double.NaN, 1, -0.1, 1, -1, 0, 0, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: epochs: found 0, expected at least 1;"
                        + " batch size: found 0, expected at least 1;"
                        + " learning rate: found -1.0, expected a number above 0;"
                        + " embedding learning rate: found NaN, expected a number above 0;"
                        + " warm-up share: found 1.0, expected at least 0 and under 1;"
                        + " weight decay: found -0.1, expected a number of at least 0;"
                        + " dropout: found 1.0, expected at least 0 and under 1;"
                        + " label smoothing: found -1.0, expected at least 0 and under 1;"
                        + " max gradient norm: found 0.0, expected a number above 0;"
                        + " patience: found 0, expected at least 1");
    }
}
