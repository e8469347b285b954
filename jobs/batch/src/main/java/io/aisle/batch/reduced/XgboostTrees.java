package io.aisle.batch.reduced;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.trees.ForestWriter;
import io.aisle.core.trees.Node;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Trees of a model as XGBoost saves it in JSON (doc/model.schema of its repository), one tree at a time: in {@code trees}, arrays of a
 * number a node; in {@code tree_info}, before it, the label of each tree.
 */
final class XgboostTrees {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int NONE = -1;

    private XgboostTrees() {}

    /**
     * Writes the trees of a saved model.
     *
     * @return how many
     */
    static int write(Path model, ForestWriter writer) throws IOException {
        try (JsonParser parser = MAPPER.createParser(model.toFile())) {
            int[] labelOfTree = new int[0];
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.FIELD_NAME) {
                    continue;
                }
                if (parser.currentName().equals("tree_info")) {
                    parser.nextToken();
                    labelOfTree = MAPPER.readValue(parser, int[].class);
                } else if (parser.currentName().equals("trees")) {
                    parser.nextToken();
                    return write(parser, labelOfTree, writer);
                }
            }
        }
        throw new IllegalStateException("Cannot read the model of XGBoost: found no trees, expected some");
    }

    private static int write(JsonParser parser, int[] labelOfTree, ForestWriter writer) throws IOException {
        int tree = 0;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            JsonNode arrays = MAPPER.readTree(parser);
            writer.add(node(arrays, 0, labelOfTree[tree]));
            tree++;
        }
        if (tree != labelOfTree.length) {
            throw new IllegalStateException("Cannot read the model of XGBoost: found " + tree + " trees, expected "
                    + labelOfTree.length + ", as many as labels of trees");
        }
        return tree;
    }

    private static Node node(JsonNode arrays, int at, int label) {
        int left = arrays.path("left_children").get(at).asInt();
        float condition = (float) arrays.path("split_conditions").get(at).asDouble();
        if (left == NONE) {
            return new Node.Leaf(new int[] {label}, new float[] {condition});
        }
        JsonNode isDefaultLeft = arrays.path("default_left").get(at);
        return new Node.Split(
                arrays.path("split_indices").get(at).asInt(),
                Node.below(condition),
                isDefaultLeft.asBoolean(),
                node(arrays, left, label),
                node(arrays, arrays.path("right_children").get(at).asInt(), label));
    }
}
