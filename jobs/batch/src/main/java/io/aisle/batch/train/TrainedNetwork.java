package io.aisle.batch.train;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.text.Vocabulary;
import java.util.Map;
import java.util.SortedMap;

/**
 * A network with its head, however it was trained.
 *
 * @param weights as {@link io.aisle.core.onnx.DistilBertGraph#build} takes them
 * @param validationLogits [validation rows][labels], neither normalised nor divided by a temperature
 * @param validationLabels [validation rows]
 * @param metrics of the validation rows, by name
 * @param chosen what the training found out for itself, by name
 * @param libraries that trained it, with their versions
 */
record TrainedNetwork(
        DistilBertConfig config,
        Vocabulary vocabulary,
        SortedMap<String, Tensor> weights,
        float[][] validationLogits,
        int[] validationLabels,
        Map<String, Double> metrics,
        Map<String, String> chosen,
        Map<String, String> libraries) {}
