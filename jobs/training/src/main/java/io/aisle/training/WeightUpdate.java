package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.training.AdamW.Moments;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Moves all trained weights of a network by their gradients, clipped by their norm, all weights together. */
final class WeightUpdate {
    private final TrainingPlan plan;
    private final SortedMap<String, Weight> weights = new TreeMap<>();

    /**
     * {@code arrays} are the trained weights by name, which are changed.
     *
     * @param isInHostMemory whether they lie in this machine's memory and are changed there; what lies on a GPU is copied to and fro
     */
    WeightUpdate(
            SortedMap<String, NDArray> arrays, boolean isInHostMemory, DistilBertConfig config, TrainingPlan plan) {
        this.plan = plan;
        arrays.forEach((name, array) -> weights.put(
                name, new Weight(name, array, isInHostMemory, plan.rates().of(name, config), plan.weightDecay())));
    }

    /**
     * Takes one step and sets the gradients to 0. Where the norm is not finite, nothing is moved.
     *
     * @param wordIds the word embeddings that have a gradient, ascending; no other one is moved
     * @param rateShare share of the highest rates
     * @param step from 1
     * @return the gradient's norm before it is clipped
     */
    double apply(int[] wordIds, double rateShare, int step) {
        double squaredNorm = 0;
        for (Weight weight : weights.values()) {
            weight.fetch();
            squaredNorm += weight.adam.squaredNorm(weight.gradient, weight.rows(wordIds));
        }
        double norm = Math.sqrt(squaredNorm);
        if (Double.isFinite(norm)) {
            double scale = AdamW.clipScale(norm, plan.maxGradientNorm());
            for (Weight weight : weights.values()) {
                weight.adam.step(
                        weight.values, weight.gradient, weight.rows(wordIds), scale, rateShare * weight.rate, step);
                weight.store();
            }
        }
        return norm;
    }

    /** The optimiser's moments by the names of the weights, as they are now. */
    SortedMap<String, Moments> moments() {
        SortedMap<String, Moments> moments = new TreeMap<>();
        weights.forEach((name, weight) -> moments.put(name, weight.adam.moments()));
        return moments;
    }

    /** Goes on from moments that another update of the same weights had. */
    void restore(Map<String, Moments> moments) {
        weights.forEach((name, weight) -> {
            Moments from = moments.get(name);
            Moments to = weight.adam.moments();
            System.arraycopy(from.first(), 0, to.first(), 0, to.first().length);
            System.arraycopy(from.second(), 0, to.second(), 0, to.second().length);
        });
    }

    private static final class Weight {
        private final NDArray array;
        private final boolean isInHostMemory;
        private final boolean isWordEmbedding;
        private final int[] allRows;
        private final double rate;
        private final AdamW adam;

        /** Over the native memory itself, or over copies that {@link #store} writes back. */
        private FloatBuffer values;

        private FloatBuffer gradient;

        Weight(String name, NDArray array, boolean isInHostMemory, double rate, double weightDecay) {
            this.array = array;
            this.isInHostMemory = isInHostMemory;
            this.isWordEmbedding = name.equals(DistilBertWeights.WORD_EMBEDDINGS);
            this.rate = rate;
            Shape shape = array.getShape();
            int rows = shape.dimension() == 1 ? 1 : Math.toIntExact(shape.get(0));
            this.allRows = IntStream.range(0, rows).toArray();
            double decay = WeightNames.isBias(name) || WeightNames.isLayerNorm(name) ? 0 : weightDecay;
            this.adam = new AdamW(rows, Math.toIntExact(array.size() / rows), decay);
        }

        int[] rows(int[] wordIds) {
            return isWordEmbedding ? wordIds : allRows;
        }

        /** PyTorch keeps the memory of a gradient with its parameter, so that the handle can be closed at once. */
        void fetch() {
            if (values == null || !isInHostMemory) {
                values = floats(array);
            }
            try (NDArray handle = array.getGradient()) {
                gradient = floats(handle);
            }
        }

        private FloatBuffer floats(NDArray of) {
            return isInHostMemory ? of.toByteBuffer(true).asFloatBuffer() : FloatBuffer.wrap(HostCopy.of(of));
        }

        void store() {
            if (!isInHostMemory) {
                array.set(values.rewind());
                try (NDArray handle = array.getGradient()) {
                    handle.set(gradient.rewind());
                }
            }
        }
    }
}
