package io.aisle.training;

import io.aisle.training.AdamW.Moments;

/** An array that AdamW moves, wherever it lies. Of word embeddings only the rows that are named move; the others have no gradient. */
interface TrainedWeight {
    /**
     * The sum of squares of the gradient.
     *
     * @param wordIds the word embeddings that have a gradient, ascending
     */
    double squaredGradient(int[] wordIds);

    /**
     * Takes a step of AdamW, and sets the gradient to 0.
     *
     * @param gradientScale what the gradient is multiplied by first
     * @param step from 1
     */
    void step(int[] wordIds, double gradientScale, double rate, int step);

    /** Sets the gradient to 0, whatever it is. */
    void forgetGradient(int[] wordIds);

    /** The optimizer's moments; maybe a copy. */
    Moments moments();

    /** Goes on from moments of an array of that size. */
    void restore(Moments moments);
}
