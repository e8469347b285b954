package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * DistilBERT (Sanh et al. 2019; the encoder is that of Devlin et al. 2019 without token types and pooler) with a head, over weights that
 * bear the Hugging Face names.
 *
 * <p>It reads token ids int64 [batch, tokens] and an attention mask float32 [batch, tokens], 1 for a token and 0 for padding. Dropout (on
 * embeddings, attention weights, feed-forward output and classifier input) happens only in training, and so does arithmetic in a lower
 * precision.
 */
final class DistilBertNetwork {
    private final DistilBertConfig config;
    private final float dropout;
    private final Precision precision;
    private final SortedMap<String, NDArray> weights = new TreeMap<>();

    /**
     * Copies checked weights to the manager's device, where they live as long as the manager.
     *
     * @param isTrained of a weight's name; the others get no gradient
     */
    DistilBertNetwork(
            NDManager manager,
            DistilBertConfig config,
            Map<String, Tensor> initial,
            Predicate<String> isTrained,
            float dropout,
            Precision precision) {
        this.config = config;
        this.dropout = dropout;
        this.precision = precision;
        initial.forEach((name, tensor) -> {
            NDArray array = manager.create(FloatBuffer.wrap(tensor.values()), new Shape(tensor.shape()));
            if (isTrained.test(name)) {
                array.setRequiresGradient(true);
            }
            weights.put(name, array);
        });
    }

    /** The arrays that are trained, by name. */
    SortedMap<String, NDArray> trained() {
        SortedMap<String, NDArray> trained = new TreeMap<>(weights);
        trained.values().removeIf(array -> !array.hasGradient());
        return trained;
    }

    /** A copy of all weights as they are now. */
    SortedMap<String, Tensor> copy() {
        SortedMap<String, Tensor> copy = new TreeMap<>();
        weights.forEach(
                (name, array) -> copy.put(name, new Tensor(array.getShape().getShape(), HostCopy.of(array))));
        return copy;
    }

    /** Puts such a copy back. */
    void restore(Map<String, Tensor> copy) {
        weights.forEach(
                (name, array) -> array.set(FloatBuffer.wrap(copy.get(name).values())));
    }

    /** The classifier's logits, float32 [batch, labels]. */
    NDArray logits(NDArray ids, NDArray mask, boolean training) {
        return new Pass(ids, mask, training).logits();
    }

    /** The encoder's last hidden states, float32 [batch, tokens, dim]. */
    NDArray states(NDArray ids, NDArray mask, boolean training) {
        return new Pass(ids, mask, training).states();
    }

    /** Input times a named weight plus its bias, float32 or in training a lower precision. */
    NDArray linear(NDArray input, String name, boolean training) {
        return linear(input, weights.get(name + ".weight"), weights.get(name + ".bias"), training);
    }

    /** Input times the transposed weight plus bias, float32 or in training a lower precision. */
    NDArray linear(NDArray input, NDArray weight, NDArray bias, boolean training) {
        Precision used = precision(training);
        NDManager manager = input.getManager();
        return input.getNDArrayInternal()
                .linear(used.lowered(manager, input), used.lowered(manager, weight), used.lowered(manager, bias))
                .singletonOrThrow();
    }

    private Precision precision(boolean training) {
        return training ? precision : Precision.FLOAT32;
    }

    /** The LayerNorm of that name over the last axis, which is {@code dim} wide. */
    NDArray norm(NDArray array, String name) {
        NDArray input = Precision.raised(array);
        return input.getNDArrayInternal()
                .layerNorm(
                        input,
                        new Shape(config.dim()),
                        weights.get(name + ".weight"),
                        weights.get(name + ".bias"),
                        DistilBertConfig.LAYER_NORM_EPSILON)
                .singletonOrThrow();
    }

    NDArray weight(String name) {
        return weights.get(name);
    }

    /**
     * The array times a number, for arrays with a gradient. The number lives as long as the array's manager: NDArray.mul(Number) lets its
     * memory go at once, which the backward pass reads again; after a garbage collection it holds something else.
     */
    static NDArray scaled(NDArray array, float factor) {
        return array.mul(array.getManager().create(factor));
    }

    /** One batch on its way through the network. Hidden states are [batch, tokens, dim]. */
    private final class Pass {
        private final NDArray ids;
        private final NDArray mask;
        private final boolean training;
        private final long batch;
        private final long tokens;

        Pass(NDArray ids, NDArray mask, boolean training) {
            this.ids = ids;
            this.mask = mask;
            this.training = training;
            this.batch = ids.getShape().get(0);
            this.tokens = ids.getShape().get(1);
        }

        NDArray logits() {
            return Precision.raised(linear(drop(pooled(states())), DistilBertWeights.CLASSIFIER));
        }

        NDArray states() {
            NDArray paddingScore =
                    mask.sub(1).mul(-DistilBertConfig.PADDING_SCORE).reshape(batch, 1, 1, tokens);
            NDArray hidden = config.hasLayers() ? drop(withPositions(words())) : words();
            for (int i = 0; i < config.layers(); i++) {
                hidden = layer(DistilBertWeights.layer(i), hidden, paddingScore);
            }
            return hidden;
        }

        private NDArray words() {
            return ids.getNDArrayInternal()
                    .embedding(ids, weight(DistilBertWeights.WORD_EMBEDDINGS), SparseFormat.DENSE)
                    .singletonOrThrow();
        }

        private NDArray withPositions(NDArray words) {
            // the slice belongs to the batch's manager, not to the parameter's, where it would stay until the end
            NDArray positions =
                    weight(DistilBertWeights.POSITION_EMBEDDINGS).get(ids.getManager(), new NDIndex("0:" + tokens));
            return norm(words.add(positions), DistilBertWeights.EMBEDDING_NORM);
        }

        private NDArray layer(String name, NDArray hidden, NDArray paddingScore) {
            NDArray attended =
                    norm(attention(name + "attention.", hidden, paddingScore).add(hidden), name + "sa_layer_norm");
            NDArray wide =
                    linear(attended, name + "ffn.lin1").getNDArrayInternal().gelu();
            return norm(drop(linear(wide, name + "ffn.lin2")).add(attended), name + "output_layer_norm");
        }

        private NDArray linear(NDArray input, String name) {
            return DistilBertNetwork.this.linear(input, name, training);
        }

        private NDArray attention(String name, NDArray hidden, NDArray paddingScore) {
            int headDim = config.dim() / config.heads();
            NDArray query = heads(scaled(linear(hidden, name + "q_lin"), (float) (1 / Math.sqrt(headDim))));
            NDArray key = heads(linear(hidden, name + "k_lin"));
            NDArray value = heads(linear(hidden, name + "v_lin"));
            NDArray scores = Precision.raised(query.matMul(key.swapAxes(2, 3)));
            NDArray shares = drop(scores.add(paddingScore).softmax(-1));
            NDArray context = precision(training)
                    .lowered(ids.getManager(), shares)
                    .matMul(value)
                    .transpose(0, 2, 1, 3)
                    .reshape(batch, tokens, config.dim());
            return linear(context, name + "out_lin");
        }

        /** [batch, tokens, dim] as [batch, heads, tokens, dim of a head]. */
        private NDArray heads(NDArray projected) {
            return projected
                    .reshape(batch, tokens, config.heads(), config.dim() / config.heads())
                    .transpose(0, 2, 1, 3);
        }

        private NDArray pooled(NDArray hidden) {
            return switch (config.pooling()) {
                case CLS -> first(hidden);
                case MEAN -> mean(hidden);
                case CLS_AND_MEAN -> first(hidden).concat(mean(hidden), -1);
            };
        }

        private NDArray first(NDArray hidden) {
            return hidden.get(ids.getManager(), new NDIndex(":,0"));
        }

        private NDArray mean(NDArray hidden) {
            NDArray shares = mask.div(mask.sum(new int[] {1}, true)).expandDims(1);
            return shares.matMul(hidden).squeeze(1);
        }

        private NDArray drop(NDArray input) {
            return training && dropout > 0
                    ? input.getNDArrayInternal().dropout(input, dropout, true).singletonOrThrow()
                    : input;
        }
    }
}
