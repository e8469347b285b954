package io.aisle.core.onnx;

import io.aisle.core.UserException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which weights a DistilBERT classifier has, by the names that {@link DistilBertConfig} lists, and their shapes. */
public final class DistilBertWeights {
    /** What the names of all embeddings begin with. */
    public static final String EMBEDDINGS = "distilbert.embeddings.";

    public static final String WORD_EMBEDDINGS = EMBEDDINGS + "word_embeddings.weight";
    public static final String POSITION_EMBEDDINGS = EMBEDDINGS + "position_embeddings.weight";

    /** The name of the LayerNorm behind the embeddings, without {@code .weight} and {@code .bias}. */
    public static final String EMBEDDING_NORM = EMBEDDINGS + "LayerNorm";

    /** The name of the classifier, without {@code .weight} and {@code .bias}. */
    public static final String CLASSIFIER = "classifier";

    private DistilBertWeights() {}

    /** The prefix of one layer's names, the first layer being 0. */
    public static String layer(int index) {
        return "distilbert.transformer.layer." + index + ".";
    }

    /** Every weight's shape by its name, in the order in which the network uses them. */
    public static Map<String, long[]> shapes(DistilBertConfig config, int labels) {
        Map<String, long[]> shapes = encoderShapes(config);
        addLinear(shapes, CLASSIFIER, labels, config.pooledDim());
        return shapes;
    }

    /** The same without the classifier. */
    public static Map<String, long[]> encoderShapes(DistilBertConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        long dim = config.dim();
        shapes.put(WORD_EMBEDDINGS, new long[] {config.vocabularySize(), dim});
        if (config.hasLayers()) {
            shapes.put(POSITION_EMBEDDINGS, new long[] {config.maxPositions(), dim});
            addLayerNorm(shapes, EMBEDDING_NORM, dim);
        }
        for (int i = 0; i < config.layers(); i++) {
            addLinear(shapes, layer(i) + "attention.q_lin", dim, dim);
            addLinear(shapes, layer(i) + "attention.k_lin", dim, dim);
            addLinear(shapes, layer(i) + "attention.v_lin", dim, dim);
            addLinear(shapes, layer(i) + "attention.out_lin", dim, dim);
            addLayerNorm(shapes, layer(i) + "sa_layer_norm", dim);
            addLinear(shapes, layer(i) + "ffn.lin1", config.hiddenDim(), dim);
            addLinear(shapes, layer(i) + "ffn.lin2", dim, config.hiddenDim());
            addLayerNorm(shapes, layer(i) + "output_layer_norm", dim);
        }
        return shapes;
    }

    /**
     * Checks that the weights are exactly those of {@link #shapes}; as many labels as {@code classifier.bias} has values.
     *
     * @throws UserException if a weight is missing, unknown or of another shape
     */
    public static void check(DistilBertConfig config, Map<String, Tensor> weights) {
        Tensor bias = weights.get(CLASSIFIER + ".bias");
        check(config, weights, shapes(config, bias == null ? 0 : bias.values().length));
    }

    /**
     * Checks that the weights are exactly those of {@link #encoderShapes}.
     *
     * @throws UserException if a weight is missing, unknown or of another shape
     */
    public static void checkEncoder(DistilBertConfig config, Map<String, Tensor> weights) {
        check(config, weights, encoderShapes(config));
    }

    private static void check(DistilBertConfig config, Map<String, Tensor> weights, Map<String, long[]> shapes) {
        shapes.forEach((name, expected) -> {
            Tensor weight = weights.get(name);
            if (weight == null) {
                throw new UserException("Cannot build the graph: weight " + name + " is missing, expected shape "
                        + Arrays.toString(expected) + ". Take config and weights from the same encoder directory.");
            }
            if (!Arrays.equals(weight.shape(), expected)) {
                throw new UserException("Cannot build the graph: weight " + name + " has shape "
                        + Arrays.toString(weight.shape()) + ", expected " + Arrays.toString(expected)
                        + ". Take config and weights from the same encoder directory.");
            }
        });
        for (String name : weights.keySet()) {
            if (!shapes.containsKey(name)) {
                throw new UserException("Cannot build the graph: found unknown weight " + name + ", expected only the "
                        + shapes.size() + " weights of a DistilBERT of " + config.layers()
                        + " layers" + (shapes.containsKey(CLASSIFIER + ".bias") ? " and its classifier" : "")
                        + ". Leave it out, or mend the config.");
            }
        }
    }

    private static void addLinear(Map<String, long[]> shapes, String name, long outputs, long inputs) {
        shapes.put(name + ".weight", new long[] {outputs, inputs});
        shapes.put(name + ".bias", new long[] {outputs});
    }

    private static void addLayerNorm(Map<String, long[]> shapes, String name, long dim) {
        shapes.put(name + ".weight", new long[] {dim});
        shapes.put(name + ".bias", new long[] {dim});
    }
}
