package io.aisle.core.ngram;

import java.io.Serializable;

/**
 * The features that are not 0.
 *
 * @param indices ascending, none twice
 * @param values one an index
 */
public record SparseVector(int[] indices, float[] values) implements Serializable {
    private static final long serialVersionUID = 1L;

    public SparseVector {
        if (indices.length != values.length) {
            throw new IllegalArgumentException("Cannot make a vector: found " + indices.length + " indices and "
                    + values.length + " values, expected as many");
        }
    }
}
