package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.aisle.training.AdamW.Moments;
import java.nio.FloatBuffer;

/** On a GPU, where its moments lie too: a step copies nothing but which words are in the batch. The formulas are those of {@link AdamW}. */
final class DeviceWeight implements TrainedWeight {
    private final NDArray array;
    private final boolean isWordEmbedding;
    private final double decay;
    private final NDArray first;
    private final NDArray second;

    /** @param decay decoupled weight decay */
    DeviceWeight(NDArray array, boolean isWordEmbedding, double decay) {
        this.array = array;
        this.isWordEmbedding = isWordEmbedding;
        this.decay = decay;
        this.first = array.getManager().zeros(array.getShape());
        this.second = array.getManager().zeros(array.getShape());
    }

    @Override
    public double squaredGradient(int[] wordIds) {
        try (NDManager scratch = array.getManager().newSubManager()) {
            return gradient(scratch).square().sum().getFloat();
        }
    }

    @Override
    public void step(int[] wordIds, double gradientScale, double rate, int number) {
        try (NDManager scratch = array.getManager().newSubManager()) {
            NDArray gradient = gradient(scratch);
            NDArray weights = shared(scratch, array);
            NDArray m = shared(scratch, first);
            NDArray v = shared(scratch, second);
            NDArray moved = isWordEmbedding ? isInBatch(scratch, wordIds) : scratch.create(1f);
            NDArray g = gradient.mul((float) gradientScale);
            m.addi(g.sub(m).muli((float) (1 - AdamW.BETA1)).muli(moved));
            v.addi(g.square().subi(v).muli((float) (1 - AdamW.BETA2)).muli(moved));
            NDArray step = m.div(v.sqrt().addi((float) AdamW.correctedEpsilon(number)))
                    .muli((float) AdamW.correctedRate(rate, number));
            weights.subi(step.addi(weights.mul((float) (rate * decay))).muli(moved));
            gradient.muli(0);
        }
    }

    @Override
    public void forgetGradient(int[] wordIds) {
        try (NDManager scratch = array.getManager().newSubManager()) {
            // a number that is not finite times 0 is not 0
            gradient(scratch).set(new NDIndex("..."), 0);
        }
    }

    /** [rows, 1], 1 for a word in the batch and 0 for the others. */
    private NDArray isInBatch(NDManager scratch, int[] wordIds) {
        float[] flags = new float[Math.toIntExact(array.getShape().get(0))];
        for (int id : wordIds) {
            flags[id] = 1;
        }
        return scratch.create(flags, new Shape(flags.length, 1));
    }

    @Override
    public Moments moments() {
        return new Moments(HostCopy.of(first), HostCopy.of(second));
    }

    @Override
    public void restore(Moments moments) {
        first.set(FloatBuffer.wrap(moments.first()));
        second.set(FloatBuffer.wrap(moments.second()));
    }

    private NDArray gradient(NDManager manager) {
        NDArray handle = array.getGradient();
        handle.attach(manager);
        return handle;
    }

    /** The same memory without a gradient. What is made of it belongs to the manager. */
    private static NDArray shared(NDManager manager, NDArray original) {
        NDArray handle = original.stopGradient();
        handle.attach(manager);
        return handle;
    }
}
