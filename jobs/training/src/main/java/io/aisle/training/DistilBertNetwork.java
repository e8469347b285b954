package io.aisle.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * DistilBERT with a linear classifier as a DJL block (Sanh et al. 2019; the encoder is that of Devlin et al. 2019 without token types
 * and pooler). Its parameters bear the Hugging Face names.
 *
 * <p>Inputs: token ids int64 [batch, tokens] and attention mask float32 [batch, tokens], 1 for a token and 0 for padding. Output: logits
 * float32 [batch, labels]. Dropout (on embeddings, attention weights, feed-forward output and classifier input) happens only in training.
 */
final class DistilBertNetwork extends AbstractBlock {
    private final DistilBertConfig config;
    private final float dropout;

    DistilBertNetwork(DistilBertConfig config, int labels, float dropout) {
        this.config = config;
        this.dropout = dropout;
        DistilBertWeights.shapes(config, labels).forEach((name, shape) -> {
            addParameter(Parameter.builder()
                    .setName(name)
                    .setType(Parameter.Type.OTHER)
                    .optShape(new Shape(shape))
                    .optInitializer(Initializer.ZEROS)
                    .build());
        });
    }

    /** Puts checked weights in; the arrays live as long as the manager. */
    void load(NDManager manager, Map<String, Tensor> weights) {
        initialize(manager, DataType.FLOAT32, new Shape(1, 1), new Shape(1, 1));
        parameters.forEach((name, parameter) ->
                parameter.getArray().set(FloatBuffer.wrap(weights.get(name).values())));
    }

    /** The parameters' arrays by name. */
    SortedMap<String, NDArray> arrays() {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        parameters.forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
        return arrays;
    }

    /** A copy of all weights as they are now. */
    SortedMap<String, Tensor> weights() {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        arrays().forEach((name, array) ->
                weights.put(name, new Tensor(array.getShape().getShape(), HostCopy.of(array))));
        return weights;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> options) {
        return new NDList(new Pass(store, inputs.get(0), inputs.get(1), training).logits());
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {
            new Shape(
                    inputShapes[0].get(0),
                    parameters
                            .get(DistilBertWeights.CLASSIFIER + ".bias")
                            .getShape()
                            .get(0))
        };
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
        private final ParameterStore store;
        private final NDArray ids;
        private final NDArray mask;
        private final boolean training;
        private final long batch;
        private final long tokens;

        Pass(ParameterStore store, NDArray ids, NDArray mask, boolean training) {
            this.store = store;
            this.ids = ids;
            this.mask = mask;
            this.training = training;
            this.batch = ids.getShape().get(0);
            this.tokens = ids.getShape().get(1);
        }

        NDArray logits() {
            NDArray paddingScore =
                    mask.sub(1).mul(-DistilBertConfig.PADDING_SCORE).reshape(batch, 1, 1, tokens);
            NDArray hidden = config.hasLayers() ? drop(withPositions(words())) : words();
            for (int i = 0; i < config.layers(); i++) {
                hidden = layer(DistilBertWeights.layer(i), hidden, paddingScore);
            }
            return linear(drop(pooled(hidden)), DistilBertWeights.CLASSIFIER);
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

        private NDArray attention(String name, NDArray hidden, NDArray paddingScore) {
            int headDim = config.dim() / config.heads();
            NDArray query = heads(scaled(linear(hidden, name + "q_lin"), (float) (1 / Math.sqrt(headDim))));
            NDArray key = heads(linear(hidden, name + "k_lin"));
            NDArray value = heads(linear(hidden, name + "v_lin"));
            NDArray weights =
                    drop(query.matMul(key.swapAxes(2, 3)).add(paddingScore).softmax(-1));
            NDArray context = weights.matMul(value).transpose(0, 2, 1, 3).reshape(batch, tokens, config.dim());
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

        private NDArray linear(NDArray input, String name) {
            return input.getNDArrayInternal()
                    .linear(input, weight(name + ".weight"), weight(name + ".bias"))
                    .singletonOrThrow();
        }

        private NDArray norm(NDArray input, String name) {
            return input.getNDArrayInternal()
                    .layerNorm(
                            input,
                            new Shape(config.dim()),
                            weight(name + ".weight"),
                            weight(name + ".bias"),
                            DistilBertConfig.LAYER_NORM_EPSILON)
                    .singletonOrThrow();
        }

        private NDArray drop(NDArray input) {
            return training && dropout > 0
                    ? input.getNDArrayInternal().dropout(input, dropout, true).singletonOrThrow()
                    : input;
        }

        private NDArray weight(String name) {
            return store.getValue(parameters.get(name), Device.cpu(), training);
        }
    }
}
