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

    /** How far under the head it is, in an encoder of so many layers: 0 for the head's own, 1 for the top layer, layers + 1 for embeddings. */
    static int depth(String name, int layers) {
        for (int layer = 0; layer < layers; layer++) {
            if (name.startsWith(DistilBertWeights.layer(layer))) {
                return layers - layer;
            }
        }
        return name.startsWith(DistilBertWeights.EMBEDDINGS) ? layers + 1 : 0;
    }

    /** Whether it is trained where that many layers are, counted from the top. */
    static boolean isUnfrozen(String name, int layers, int unfrozen) {
        return unfrozen == TrainingPlan.ALL || depth(name, layers) <= unfrozen;
    }
}
