package io.aisle.training;

import io.aisle.core.onnx.Tensor;
import java.util.List;
import java.util.SortedMap;

/**
 * A trained encoder with its classifier.
 *
 * @param weights of the best epoch, under their Hugging Face names
 * @param bestEpoch the epoch, from 1, with the highest validation macro F1; the first of equals
 * @param history one entry an epoch that was run, in order
 * @param validationLogits [validation rows][labels] of the best epoch, as the classifier gives them (neither softmax nor temperature),
 *     in the order of the validation examples
 */
public record FineTuned(
        SortedMap<String, Tensor> weights, int bestEpoch, List<EpochResult> history, float[][] validationLogits) {
    public FineTuned {
        history = List.copyOf(history);
    }

    /** The result of the best epoch. */
    public EpochResult best() {
        return history.get(bestEpoch - 1);
    }
}
