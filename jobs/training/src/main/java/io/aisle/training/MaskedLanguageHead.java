package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.SparseFormat;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Guesses word pieces from hidden states, as Hugging Face's DistilBertForMaskedLM does: a linear layer, GELU, a LayerNorm, and a projection
 * by the word embeddings themselves with a bias of its own.
 *
 * <pre>
 * vocab_transform.weight [dim, dim], .bias [dim]
 * vocab_layer_norm.{weight,bias}           [dim]
 * vocab_projector.bias                     [vocabularySize]
 * </pre>
 */
final class MaskedLanguageHead {
    private static final String TRANSFORM = "vocab_transform";
    private static final String NORM = "vocab_layer_norm";
    private static final String PROJECTOR_BIAS = "vocab_projector.bias";

    private MaskedLanguageHead() {}

    /** Every weight's shape by its name, in the order in which the head uses them. */
    static Map<String, long[]> shapes(DistilBertConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(TRANSFORM + ".weight", new long[] {config.dim(), config.dim()});
        shapes.put(TRANSFORM + ".bias", new long[] {config.dim()});
        shapes.put(NORM + ".weight", new long[] {config.dim()});
        shapes.put(NORM + ".bias", new long[] {config.dim()});
        shapes.put(PROJECTOR_BIAS, new long[] {config.vocabularySize()});
        return shapes;
    }

    /**
     * Checks that the weights are exactly those of {@link #shapes}.
     *
     * @throws IllegalArgumentException if a weight is missing, unknown or of another shape
     */
    static void check(DistilBertConfig config, Map<String, Tensor> weights) {
        Map<String, long[]> shapes = shapes(config);
        if (!weights.keySet().equals(shapes.keySet())) {
            throw new IllegalArgumentException("Cannot guess word pieces: found the weights " + weights.keySet()
                    + " of the head, expected " + shapes.keySet());
        }
        shapes.forEach((name, expected) -> {
            long[] found = weights.get(name).shape();
            if (!Arrays.equals(found, expected)) {
                throw new IllegalArgumentException("Cannot guess word pieces: found " + name + " of shape "
                        + Arrays.toString(found) + ", expected " + Arrays.toString(expected));
            }
        });
    }

    /**
     * The logits of all pieces at some places, float32 [places, vocabularySize].
     *
     * @param states [batch, tokens, dim]
     * @param places int64 [places], each row * tokens + place in the row
     */
    static NDArray logits(DistilBertNetwork network, NDArray states, NDArray places, boolean training) {
        NDArray flat = states.reshape(-1, states.getShape().get(2));
        // a lookup of rows: what is not asked for is neither transformed nor projected
        NDArray chosen = places.getNDArrayInternal()
                .embedding(places, flat, SparseFormat.DENSE)
                .singletonOrThrow();
        NDArray transformed =
                network.linear(chosen, TRANSFORM, training).getNDArrayInternal().gelu();
        NDArray normed = network.norm(transformed, NORM);
        return Precision.raised(network.linear(
                normed, network.weight(DistilBertWeights.WORD_EMBEDDINGS), network.weight(PROJECTOR_BIAS), training));
    }
}
