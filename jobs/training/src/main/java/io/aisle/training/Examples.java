package io.aisle.training;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import java.util.Arrays;

/**
 * Labelled token sequences, row by row.
 *
 * @param tokenIds [rows][tokens of the row], each with [CLS] and [SEP], without padding, none empty
 * @param labels [rows], each in 0 to labelCount - 1
 * @param labelCount how many classes there are, at least 2; not every class must have a row
 */
public record Examples(int[][] tokenIds, int[] labels, int labelCount) {
    public Examples {
        if (tokenIds.length != labels.length) {
            throw new IllegalArgumentException("Cannot gather examples: found " + tokenIds.length + " sequences and "
                    + labels.length + " labels, expected as many of each");
        }
        if (labelCount < 2) {
            throw new UserException("Cannot train: found " + labelCount
                    + " class, expected at least 2; take a label column with more values or fold fewer classes");
        }
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= labelCount) {
                throw new IllegalArgumentException("Cannot gather examples: found label " + labels[row] + " in row "
                        + row + ", expected 0 to " + (labelCount - 1));
            }
            if (tokenIds[row].length == 0) {
                throw new IllegalArgumentException(
                        "Cannot gather examples: found no token in row " + row + ", expected at least [CLS] and [SEP]");
            }
        }
    }

    public int size() {
        return labels.length;
    }

    /** How many classes have at least one row. */
    long presentClasses() {
        return Arrays.stream(labels).distinct().count();
    }

    /** Refuses sequences that an encoder of these sizes cannot read. */
    void requireReadableBy(DistilBertConfig config) {
        for (int row = 0; row < tokenIds.length; row++) {
            if (tokenIds[row].length > config.maxPositions()) {
                throw new UserException(
                        "Cannot train: found " + tokenIds[row].length + " tokens in row " + row + ", expected at most "
                                + config.maxPositions() + ", the encoder's positions; lower max tokens");
            }
            for (int id : tokenIds[row]) {
                if (id < 0 || id >= config.vocabularySize()) {
                    throw new UserException("Cannot train: found token id " + id + " in row " + row
                            + ", expected 0 to " + (config.vocabularySize() - 1)
                            + "; use the vocabulary that the encoder was made with");
                }
            }
        }
    }
}
