package io.aisle.training;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The Hugging Face names of a DistilBERT's weights, and what training must know of each. */
final class WeightNames {
    static final String WORD_EMBEDDINGS = "distilbert.embeddings.word_embeddings.weight";
    static final String POSITION_EMBEDDINGS = "distilbert.embeddings.position_embeddings.weight";
    static final String EMBEDDING_NORM = "distilbert.embeddings.LayerNorm";
    static final String CLASSIFIER = "classifier";

    private WeightNames() {}

    static String layer(int index) {
        return "distilbert.transformer.layer." + index + ".";
    }

    static boolean isBias(String name) {
        return name.endsWith(".bias");
    }

    static boolean isLayerNorm(String name) {
        return name.contains("LayerNorm.") || name.contains("layer_norm.");
    }

    /** The shape of every weight. */
    static SortedMap<String, long[]> shapes(DistilBertConfig config, int labels) {
        int dim = config.dim();
        SortedMap<String, long[]> shapes = new TreeMap<>();
        shapes.put(WORD_EMBEDDINGS, new long[] {config.vocabularySize(), dim});
        shapes.put(POSITION_EMBEDDINGS, new long[] {config.maxPositions(), dim});
        putNorm(shapes, EMBEDDING_NORM, dim);
        for (int i = 0; i < config.layers(); i++) {
            for (String projection : new String[] {"q_lin", "k_lin", "v_lin", "out_lin"}) {
                putLinear(shapes, layer(i) + "attention." + projection, dim, dim);
            }
            putNorm(shapes, layer(i) + "sa_layer_norm", dim);
            putLinear(shapes, layer(i) + "ffn.lin1", config.hiddenDim(), dim);
            putLinear(shapes, layer(i) + "ffn.lin2", dim, config.hiddenDim());
            putNorm(shapes, layer(i) + "output_layer_norm", dim);
        }
        putLinear(shapes, CLASSIFIER, labels, dim);
        return shapes;
    }

    /** Refuses weights that are not exactly those of this network. */
    static void requireWeights(DistilBertConfig config, int labels, Map<String, Tensor> weights) {
        SortedMap<String, long[]> shapes = shapes(config, labels);
        if (!shapes.keySet().equals(weights.keySet())) {
            SortedSet<String> missing = new TreeSet<>(shapes.keySet());
            missing.removeAll(weights.keySet());
            SortedSet<String> beyond = new TreeSet<>(weights.keySet());
            beyond.removeAll(shapes.keySet());
            throw new IllegalArgumentException("Cannot train: found weights missing " + missing + " and beyond "
                    + beyond + ", expected exactly the network's");
        }
        shapes.forEach((name, shape) -> {
            long[] found = weights.get(name).shape();
            if (!Arrays.equals(found, shape)) {
                throw new IllegalArgumentException("Cannot train: found " + name + " of shape " + Arrays.toString(found)
                        + ", expected " + Arrays.toString(shape));
            }
        });
    }

    private static void putLinear(SortedMap<String, long[]> shapes, String name, int out, int in) {
        shapes.put(name + ".weight", new long[] {out, in});
        shapes.put(name + ".bias", new long[] {out});
    }

    private static void putNorm(SortedMap<String, long[]> shapes, String name, int dim) {
        shapes.put(name + ".weight", new long[] {dim});
        shapes.put(name + ".bias", new long[] {dim});
    }
}
