package io.aisle.core.ngram;

/** What a model makes of a vector. May be shared by threads. */
@FunctionalInterface
public interface VectorScorer {
    /** The logits of a vector, float[labels]. */
    float[] scores(SparseVector vector);
}
