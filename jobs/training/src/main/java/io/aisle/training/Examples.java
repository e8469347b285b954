package io.aisle.training;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import java.util.stream.IntStream;

/**
 * Token sequences row by row, each with its class where that is known, and with what a teacher says of it where there is one.
 *
 * <p>Every sequence has [CLS] and [SEP], no padding, and at least one token.
 */
public interface Examples {
    /** The label of a row without one. */
    int UNLABELLED = -1;

    /** How many rows there are. */
    int size();

    /** How many classes there are; not every class must have a row. */
    int labelCount();

    /** Tokens of a row, at least 1. */
    int length(int row);

    /** The token ids of a row; not to be changed. */
    int[] tokenIds(int row);

    /** 0 to labelCount - 1, or {@link #UNLABELLED}. */
    int label(int row);

    /** Whether a teacher answered every row. */
    boolean hasTeacher();

    /** The teacher's log-probability of each class. */
    float[] teacher(int row);

    /** The lengths of all rows. */
    default int[] lengths() {
        return IntStream.range(0, size()).map(this::length).toArray();
    }

    /** The labels of all rows. */
    default int[] labels() {
        return IntStream.range(0, size()).map(this::label).toArray();
    }

    /** Rows of each class. */
    default long[] rowsByLabel() {
        long[] rows = new long[labelCount()];
        for (int row = 0; row < size(); row++) {
            if (label(row) != UNLABELLED) {
                rows[label(row)]++;
            }
        }
        return rows;
    }

    /** Refuses sequences that an encoder of these sizes cannot read. */
    default void requireReadableBy(DistilBertConfig config) {
        for (int row = 0; row < size(); row++) {
            if (length(row) > config.maxPositions()) {
                throw new UserException(
                        "Cannot train: found " + length(row) + " tokens in row " + row + ", expected at most "
                                + config.maxPositions() + ", the encoder's positions; lower max tokens");
            }
            for (int id : tokenIds(row)) {
                if (id < 0 || id >= config.vocabularySize()) {
                    throw new UserException("Cannot train: found token id " + id + " in row " + row
                            + ", expected 0 to " + (config.vocabularySize() - 1)
                            + "; use the vocabulary that the encoder was made with");
                }
            }
        }
    }
}
