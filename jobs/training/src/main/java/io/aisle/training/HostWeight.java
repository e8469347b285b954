package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.aisle.training.AdamW.Moments;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/** In this machine's memory, and moved there, over the native memory itself. */
final class HostWeight implements TrainedWeight {
    private final NDArray array;
    private final boolean isWordEmbedding;
    private final int[] allRows;
    private final AdamW adam;

    /** @param decay decoupled weight decay */
    HostWeight(NDArray array, boolean isWordEmbedding, double decay) {
        this.array = array;
        this.isWordEmbedding = isWordEmbedding;
        Shape shape = array.getShape();
        int rows = shape.dimension() == 1 ? 1 : Math.toIntExact(shape.get(0));
        this.allRows = IntStream.range(0, rows).toArray();
        this.adam = new AdamW(rows, Math.toIntExact(array.size() / rows), decay);
    }

    private static FloatBuffer floats(NDArray array) {
        return array.toByteBuffer(true).asFloatBuffer();
    }

    private int[] rows(int[] wordIds) {
        return isWordEmbedding ? wordIds : allRows;
    }

    /** PyTorch keeps the memory of a gradient with its parameter, so that the handle can be closed at once. */
    private FloatBuffer gradient() {
        try (NDArray handle = array.getGradient()) {
            return floats(handle);
        }
    }

    @Override
    public double squaredGradient(int[] wordIds) {
        return adam.squaredNorm(gradient(), rows(wordIds));
    }

    @Override
    public void step(int[] wordIds, double gradientScale, double rate, int step) {
        adam.step(floats(array), gradient(), rows(wordIds), gradientScale, rate, step);
    }

    @Override
    public void forgetGradient(int[] wordIds) {
        adam.forget(gradient(), rows(wordIds));
    }

    @Override
    public Moments moments() {
        return adam.moments();
    }

    @Override
    public void restore(Moments from) {
        Moments to = adam.moments();
        System.arraycopy(from.first(), 0, to.first(), 0, to.first().length);
        System.arraycopy(from.second(), 0, to.second(), 0, to.second().length);
    }
}
