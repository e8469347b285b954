package io.aisle.batch;

import io.aisle.core.onnx.DistilBertConfig;

/** Floating-point operations that a network cannot do without: those of its matrix products, a multiplication and its addition being two. */
public final class Flops {
    private Flops() {}

    /**
     * What a text takes in the layers of an encoder: the projections of every token, and every token's attention to every token. All that
     * is not a matrix product counts as nothing, and so do padding and the classifier.
     *
     * @param tokens that it has, [CLS] and [SEP] included
     */
    public static double ofText(DistilBertConfig config, int tokens) {
        double dim = config.dim();
        double projections = 4 * dim * dim + 2 * dim * config.hiddenDim();
        double attention = 2 * tokens * dim;
        return 2 * config.layers() * (projections + attention) * tokens;
    }
}
