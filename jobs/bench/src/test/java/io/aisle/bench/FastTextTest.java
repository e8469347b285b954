package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import org.junit.jupiter.api.Test;

class FastTextTest {
    @Test
    void preparesTextAsTheTutorialDoes() {
        assertThat(FastText.line("  Wi-Fi router, 5GHz (new!) [SEP]\nACME "))
                .isEqualTo("wi-fi router , 5ghz ( new ! ) [sep] acme");
        assertThat(FastText.line(7, "A b")).isEqualTo("__label__7 a b");
    }

    @Test
    void readsOneAnswerALineAndNoneWhereThereIsNone() {
        assertThat(FastText.labels("__label__3\n\n__label__12\n", 3)).containsExactly(3, -1, 12);
    }

    @Test
    void refusesAnswersOfOtherRows() {
        assertThatThrownBy(() -> FastText.labels("__label__3\n", 2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found 1 lines, expected one a row, 2");
    }
}
