package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.aisle.core.onnx.DistilBertWeights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** Moves all weights of a network by their gradients, clipped by their norm, all weights together. */
final class WeightUpdate {
    private final TrainingPlan plan;
    private final List<Weight> weights = new ArrayList<>();

    /**
     * {@code arrays} are the parameters by name, which are changed.
     *
     * @param isInHostMemory whether they lie in this machine's memory and are changed there; what lies on a GPU is copied to and fro
     */
    WeightUpdate(SortedMap<String, NDArray> arrays, boolean isInHostMemory, TrainingPlan plan) {
        this.plan = plan;
        arrays.forEach((name, array) -> weights.add(new Weight(name, array, isInHostMemory, plan)));
    }

    /**
     * Takes one step and sets the gradients to 0. Where the norm is not finite, nothing is moved.
     *
     * @param wordIds the ids in the batch: no other word embedding has a gradient
     * @param rateShare share of the plan's rates
     * @param step from 1
     * @return the gradient's norm before it is clipped
     */
    double apply(int[] wordIds, double rateShare, int step) {
        double squaredNorm = 0;
        for (Weight weight : weights) {
            weight.fetch();
            squaredNorm += weight.adam.squaredNorm(weight.gradient, weight.rows(wordIds));
        }
        double norm = Math.sqrt(squaredNorm);
        if (Double.isFinite(norm)) {
            double scale = AdamW.clipScale(norm, plan.maxGradientNorm());
            for (Weight weight : weights) {
                weight.adam.step(
                        weight.values, weight.gradient, weight.rows(wordIds), scale, rateShare * weight.rate, step);
                weight.store();
            }
        }
        return norm;
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

        Weight(String name, NDArray array, boolean isInHostMemory, TrainingPlan plan) {
            this.array = array;
            this.isInHostMemory = isInHostMemory;
            this.isWordEmbedding = name.equals(DistilBertWeights.WORD_EMBEDDINGS);
            this.rate = isWordEmbedding ? plan.embeddingLearningRate() : plan.learningRate();
            Shape shape = array.getShape();
            int rows = shape.dimension() == 1 ? 1 : Math.toIntExact(shape.get(0));
            this.allRows = IntStream.range(0, rows).toArray();
            double decay = WeightNames.isBias(name) || WeightNames.isLayerNorm(name) ? 0 : plan.weightDecay();
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
