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
    void refusesAsManyLabelsAsAreNotSequences() {
        assertThatThrownBy(() -> new Examples(new int[][] {{1}, {2}}, new int[] {0}, 2))
                .hasMessage("Cannot gather examples: found 2 sequences and 1 labels, expected as many of each");
    }

    @Test
    void refusesOneClass() {
        assertThatThrownBy(() -> new Examples(new int[][] {{1}}, new int[] {0}, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: found 1 class, expected at least 2; take a label column with more values or"
                        + " fold fewer classes");
    }

    @Test
    void refusesLabelOutOfRange() {
        assertThatThrownBy(() -> new Examples(new int[][] {{1}, {2}}, new int[] {0, 2}, 2))
                .hasMessage("Cannot gather examples: found label 2 in row 1, expected 0 to 1");
        assertThatThrownBy(() -> new Examples(new int[][] {{1}}, new int[] {-1}, 2))
                .hasMessage("Cannot gather examples: found label -1 in row 0, expected 0 to 1");
    }

    @Test
    void refusesEmptySequence() {
        assertThatThrownBy(() -> new Examples(new int[][] {{1}, {}}, new int[] {0, 1}, 2))
                .hasMessage("Cannot gather examples: found no token in row 1, expected at least [CLS] and [SEP]");
    }

    @Test
    void refusesTokenIdOutsideVocabulary() {
        Examples examples = new Examples(new int[][] {{1, 9}, {2, 10}}, new int[] {0, 1}, 2);
        assertThatThrownBy(() -> examples.requireReadableBy(CONFIG))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: found token id 10 in row 1, expected 0 to 9;"
                        + " use the vocabulary that the encoder was made with");
    }

    @Test
    void refusesSequenceLongerThanPositions() {
        Examples examples = new Examples(new int[][] {{1, 2, 3, 4, 5}}, new int[] {0}, 2);
        assertThatThrownBy(() -> examples.requireReadableBy(CONFIG))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: found 5 tokens in row 0, expected at most 4, the encoder's positions;"
                        + " lower max tokens");
    }

    @Test
    void countsClassesThatHaveRows() {
        assertThat(new Examples(new int[][] {{1}, {2}, {3}}, new int[] {4, 0, 4}, 5).presentClasses())
                .isEqualTo(2);
    }
}
