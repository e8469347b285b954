package io.aisle.training;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one epoch came to.
 *
 * @param epoch from 1
 * @param trainLoss mean loss a training row, natural log, with dropout and all that the loss was told
 * @param validationLoss mean cross-entropy, natural log, without dropout: a validation row, or a hidden word piece of one
 * @param score what epochs are compared by: more is better
 * @param metrics of the validation rows, by name
 * @param seconds training and validation together
 */
public record EpochResult(
        int epoch,
        double trainLoss,
        double validationLoss,
        double score,
        SortedMap<String, Double> metrics,
        double seconds) {
    public EpochResult {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }
}
