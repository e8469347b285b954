package io.aisle.batch.train.frozen;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import io.aisle.training.ValidationScores;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An encoder as it was, with the head that was fitted to it.
 *
 * @param config the encoder's, pooled as the head reads it
 * @param weights the encoder's and the head's, under their Hugging Face names
 * @param validationLogits [validation rows][labels], before softmax and temperature
 * @param validationLabels index of each validation row's label, in the order of the logits
 * @param scores of the validation rows; the head was chosen by the macro F1
 * @param chosen the settings that it was fitted with: reg and elastic_net
 * @param encodedTexts texts that the encoder read; the features of the others were cached
 */
public record FrozenTrained(
        DistilBertConfig config,
        SortedMap<String, Tensor> weights,
        float[][] validationLogits,
        int[] validationLabels,
        ValidationScores scores,
        SortedMap<String, String> chosen,
        long encodedTexts) {
    public FrozenTrained {
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        chosen = Collections.unmodifiableSortedMap(new TreeMap<>(chosen));
    }
}
