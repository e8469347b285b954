package io.aisle.batch.reduced;

import io.aisle.core.model.TreesDefinition.Leaves;
import io.aisle.core.settings.Settings;
import io.aisle.core.trees.ForestWriter;
import io.aisle.core.trees.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A random forest (Breiman 2001, "Random Forests") by MLlib: each tree of a bootstrap sample, each split the best of some features chosen by
 * chance, by the Gini impurity.
 *
 * <p>MLlib holds a number a label in each node, on the driver. So it fits some trees at a time, and only what the leaves say is kept of
 * them.
 *
 * @param depth of a tree at most
 * @param minRows of train in each leaf at least
 * @param featureShare of the features, chosen anew for each split
 * @param bins values of a feature that are told apart at most
 */
public record RandomForestFitting(int trees, int depth, int minRows, double featureShare, int bins) implements Fitting {
    /** Trees times labels that are fitted at a time: of trees of 20,000 nodes 480 MB. */
    private static final int MOST_AT_ONCE = 3_000;

    private static final String KEY = "train.random-forest.";

    public static RandomForestFitting read(Settings settings) {
        return new RandomForestFitting(
                settings.integer(KEY + "trees", 1, 10_000),
                settings.integer(KEY + "depth", 1, 30),
                settings.integer(KEY + "min-rows", 1, Integer.MAX_VALUE),
                settings.number(KEY + "feature-share", 0.001, 1),
                settings.integer(KEY + "bins", 2, 1_000));
    }

    @Override
    public Map<String, String> asText() {
        return new TreeMap<>(Map.of(
                "trees", Integer.toString(trees),
                "depth", Integer.toString(depth),
                "min_rows", Integer.toString(minRows),
                "feature_share", Double.toString(featureShare),
                "bins", Integer.toString(bins)));
    }

    @Override
    public Map<String, String> libraries() {
        return Map.of();
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public ReducedModel fit(Dataset<Row> rows, int features, int labels, long seed, Path directory) throws IOException {
        int atOnce = Math.max(1, MOST_AT_ONCE / labels);
        try (ForestWriter writer = new ForestWriter(directory)) {
            for (int first = 0; first < trees; first += atOnce) {
                for (DecisionTreeClassificationModel tree :
                        fit(rows, Math.min(atOnce, trees - first), seed + first).trees()) {
                    writer.add(node(tree.rootNode()));
                }
            }
        }
        return new ReducedModel.Trees("random-forest", trees, Leaves.PROBABILITIES, features, labels);
    }

    /** Fits trees in MLlib's own form. */
    RandomForestClassificationModel fit(Dataset<Row> rows, int count, long seed) {
        return new RandomForestClassifier()
                .setFeaturesCol(ReducedRows.FEATURES)
                .setLabelCol(ReducedRows.LABEL)
                .setWeightCol(ReducedRows.WEIGHT)
                .setNumTrees(count)
                .setMaxDepth(depth)
                .setMinInstancesPerNode(minRows)
                .setMaxBins(bins)
                .setFeatureSubsetStrategy(Double.toString(featureShare))
                .setSeed(seed)
                .fit(rows);
    }

    private static Node node(org.apache.spark.ml.tree.Node node) {
        if (node instanceof InternalNode internal && internal.split() instanceof ContinuousSplit split) {
            return new Node.Split(
                    split.featureIndex(),
                    Node.atMost(split.threshold()),
                    split.threshold() >= 0,
                    node(internal.leftChild()),
                    node(internal.rightChild()));
        }
        return leaf(node.impurityStats().stats());
    }

    /** A tree votes by the shares of the labels in its leaf. */
    private static Node.Leaf leaf(double[] counts) {
        double sum = 0;
        for (double count : counts) {
            sum += count;
        }
        int[] labels = IntStream.range(0, counts.length)
                .filter(label -> counts[label] > 0)
                .toArray();
        float[] shares = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            shares[i] = (float) (counts[labels[i]] / sum);
        }
        return new Node.Leaf(labels, shares);
    }
}
