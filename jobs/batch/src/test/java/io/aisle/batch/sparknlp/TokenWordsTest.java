package io.aisle.batch.sparknlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TokenWordsTest {
    @Test
    void writesOneWordForEachIdBetweenTheEnds() {
        assertThat(TokenWords.of(new int[] {2, 417, 3, 1, 3})).isEqualTo("aisle417 aisle3 aisle1");
    }

    @Test
    void writesNothingForNothingBetweenTheEnds() {
        assertThat(TokenWords.of(new int[] {101, 102})).isEmpty();
    }

    @Test
    void refusesIdsWithoutEnds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenWords.of(new int[] {2}))
                .withMessage("Cannot write token words: found 1 ids, expected at least the 2 of [CLS] and [SEP]");
    }

    @Test
    void refusesPaddingInsideText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenWords.of(new int[] {2, 417, 0, 3}))
                .withMessage(
                        "Cannot write token words: found id 0 at position 2, expected ids above 0, which is padding");
    }
}
