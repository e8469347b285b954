package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** What a network is trained to do. */
interface Objective {
    /** Tokens of each row to train on. */
    int[] lengths();

    /**
     * The loss of some training rows, by their places in {@link #lengths}. All that it makes belongs to the manager.
     *
     * @param seed for what is drawn, the same for the same rows in the same step
     */
    Loss loss(NDManager manager, int[] rows, long seed);

    /** How the network does on the validation rows as it is now. Every array that it makes is gone afterwards. */
    Validation validate();

    /**
     * Of one batch.
     *
     * @param mean a scalar, the mean over the rows, or over what is hidden of them
     * @param wordIds the word embeddings that it depends on
     */
    record Loss(NDArray mean, IntStream wordIds) {}

    /**
     * Of all validation rows.
     *
     * @param loss mean cross-entropy
     * @param score what epochs are compared by: more is better
     */
    record Validation(double loss, double score, SortedMap<String, Double> metrics) {}
}
