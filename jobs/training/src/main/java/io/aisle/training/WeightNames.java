package io.aisle.training;

import io.aisle.core.onnx.DistilBertWeights;

/** What training must know of a weight, by the names that {@link DistilBertWeights} gives. */
final class WeightNames {
    private WeightNames() {}

    static boolean isBias(String name) {
        return name.endsWith(".bias");
    }

    static boolean isLayerNorm(String name) {
        return name.contains("LayerNorm.") || name.contains("layer_norm.");
    }
}
