package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WholeNumbersTest {
    @Test
    void takesDefaultsForWhatIsLeftOut() {
        assertThat(WholeNumbers.read("engines", List.of("7"), 1_500, 3)).containsExactly(7, 3);
    }

    @Test
    void refusesOtherThingsAndTooMany() {
        assertThatThrownBy(() -> WholeNumbers.read("engines", List.of("0"), 1_500))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot measure engines: found the option 0, expected a whole number from 1 to 999999999."
                        + " Give another one.");
        assertThatThrownBy(() -> WholeNumbers.read("engines", List.of("1", "2"), 1_500))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot measure engines: found the options 1 2, expected at most 1. Leave out the last ones.");
    }
}
