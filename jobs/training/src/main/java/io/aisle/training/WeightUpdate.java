package io.aisle.training;

import ai.djl.ndarray.NDArray;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.training.AdamW.Moments;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Moves all trained weights of a network by their gradients, clipped by their norm, all weights together. */
final class WeightUpdate {
    private final DistilBertConfig config;
    private final TrainingPlan plan;
    private final SortedMap<String, TrainedWeight> weights = new TreeMap<>();

    /**
     * {@code arrays} are the trained weights by name, which are changed.
     *
     * @param isInHostMemory whether they lie in this machine's memory, or else on a GPU
     */
    WeightUpdate(
            SortedMap<String, NDArray> arrays, boolean isInHostMemory, DistilBertConfig config, TrainingPlan plan) {
        this.config = config;
        this.plan = plan;
        arrays.forEach((name, array) -> {
            boolean isWordEmbedding = name.equals(DistilBertWeights.WORD_EMBEDDINGS);
            double decay = WeightNames.isBias(name) || WeightNames.isLayerNorm(name) ? 0 : plan.weightDecay();
            weights.put(
                    name,
                    isInHostMemory
                            ? new HostWeight(array, isWordEmbedding, decay)
                            : new DeviceWeight(array, isWordEmbedding, decay));
        });
    }

    /**
     * Takes one step and sets the gradients to 0. Where the norm is not finite, no weight is moved.
     *
     * @param wordIds the word embeddings that have a gradient, ascending; no other one is moved
     * @param lossScale what the loss was multiplied by
     * @param rateShare share of the highest rates
     * @param step from 1
     * @return the gradient's norm before it is clipped
     */
    double apply(int[] wordIds, double lossScale, double rateShare, int step) {
        double squaredNorm = 0;
        for (TrainedWeight weight : weights.values()) {
            squaredNorm += weight.squaredGradient(wordIds);
        }
        double norm = Math.sqrt(squaredNorm) / lossScale;
        if (Double.isFinite(norm)) {
            double scale = AdamW.clipScale(norm, plan.maxGradientNorm()) / lossScale;
            weights.forEach((name, weight) ->
                    weight.step(wordIds, scale, rateShare * plan.rates().of(name, config), step));
        } else {
            weights.values().forEach(weight -> weight.forgetGradient(wordIds));
        }
        return norm;
    }

    /** The optimizer's moments by the names of the weights, as they are now. */
    SortedMap<String, Moments> moments() {
        SortedMap<String, Moments> moments = new TreeMap<>();
        weights.forEach((name, weight) -> moments.put(name, weight.moments()));
        return moments;
    }

    /** Goes on from moments that another update of the same weights had. */
    void restore(Map<String, Moments> moments) {
        weights.forEach((name, weight) -> weight.restore(moments.get(name)));
    }
}
