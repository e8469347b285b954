package io.aisle.batch.reduced;

import io.aisle.core.trees.ForestWriter;
import io.aisle.core.trees.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Trees of a model as LightGBM saves it in text (its src/io/tree.cpp), one tree at a time: {@code Tree=} and lines of arrays, of a number a
 * split or a leaf, up to an empty line. The trees of a round follow each other, one a label. A child below 0 is a leaf, -1 the first.
 */
final class LightgbmTrees {
    private static final String TREE = "Tree=";
    private static final String TREES_OF_ROUND = "num_tree_per_iteration=";
    private static final int CATEGORICAL = 1;
    /** Of a decision type's bits those that tell what counts as missing: nothing, 0, or NaN. */
    private static final int MISSING = 3 << 2;

    private static final int ZERO_MISSING = 1 << 2;

    private LightgbmTrees() {}

    /**
     * Writes the trees of a saved model.
     *
     * @return how many
     */
    static int write(String model, int labels, ForestWriter writer) throws IOException {
        BufferedReader lines = new BufferedReader(new StringReader(model));
        int trees = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(TREES_OF_ROUND)
                    && Integer.parseInt(line.substring(TREES_OF_ROUND.length())) != labels) {
                throw unknown(line, TREES_OF_ROUND + labels);
            }
            if (line.startsWith(TREE)) {
                writer.add(tree(lines, trees % labels));
                trees++;
            }
        }
        if (trees == 0) {
            throw unknown("no trees", "some");
        }
        return trees;
    }

    private static Node tree(BufferedReader lines, int label) throws IOException {
        Map<String, String> arrays = new HashMap<>();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            int equals = line.indexOf('=');
            arrays.put(line.substring(0, equals), line.substring(equals + 1));
        }
        float[] leaves = floats(arrays.get("leaf_value"));
        if (leaves.length == 1) {
            return leaf(label, leaves[0]);
        }
        for (int type : ints(arrays.get("decision_type"))) {
            if ((type & CATEGORICAL) != 0 || (type & MISSING) == ZERO_MISSING) {
                throw unknown("decision type " + type, "one of numbers, of which 0 is none that is missing");
            }
        }
        return new Splits(
                        label,
                        ints(arrays.get("split_feature")),
                        doubles(arrays.get("threshold")),
                        ints(arrays.get("left_child")),
                        ints(arrays.get("right_child")),
                        leaves)
                .node(0);
    }

    private record Splits(int label, int[] features, double[] thresholds, int[] left, int[] right, float[] leaves) {
        Node node(int at) {
            return at < 0
                    ? leaf(label, leaves[~at])
                    : new Node.Split(
                            features[at],
                            Node.atMost(thresholds[at]),
                            thresholds[at] >= 0,
                            node(left[at]),
                            node(right[at]));
        }
    }

    private static Node.Leaf leaf(int label, float value) {
        return new Node.Leaf(new int[] {label}, new float[] {value});
    }

    private static int[] ints(String array) {
        return Arrays.stream(array.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    private static double[] doubles(String array) {
        return Arrays.stream(array.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static float[] floats(String array) {
        double[] doubles = doubles(array);
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }

    private static IllegalStateException unknown(String found, String expected) {
        return new IllegalStateException(
                "Cannot read the model of LightGBM: found " + found + ", expected " + expected);
    }
}
