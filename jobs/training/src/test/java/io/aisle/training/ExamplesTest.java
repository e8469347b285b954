package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private static final DistilBertConfig CONFIG = new DistilBertConfig(10, 4, 8, 1, 2, 16, Pooling.MEAN);

    @Test
    void refusesTokenIdOutsideVocabulary() {
        Examples examples = new TokenRows(new int[][] {{1, 9}, {2, 10}}, new int[] {0, 1}, 2);
        assertThatThrownBy(() -> examples.requireReadableBy(CONFIG))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: found token id 10 in row 1, expected 0 to 9;"
                        + " use the vocabulary that the encoder was made with");
    }

    @Test
    void refusesSequenceLongerThanPositions() {
        Examples examples = new TokenRows(new int[][] {{1, 2, 3, 4, 5}}, new int[] {0}, 2);
        assertThatThrownBy(() -> examples.requireReadableBy(CONFIG))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: found 5 tokens in row 0, expected at most 4, the encoder's positions;"
                        + " lower max tokens");
    }

    @Test
    void countTheRowsOfEachClass() {
        assertThat(new TokenRows(new int[][] {{1}, {2}, {3}, {4}}, new int[] {4, 0, 4, Examples.UNLABELLED}, 5)
                        .rowsByLabel())
                .containsExactly(1, 0, 0, 0, 2);
    }
}
