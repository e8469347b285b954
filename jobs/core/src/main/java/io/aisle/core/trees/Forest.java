package io.aisle.core.trees;

import io.aisle.core.UserException;
import io.aisle.core.ngram.SparseVector;
import io.aisle.core.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Decision trees. A vector goes down each to one leaf, and the values of the leaves are added up, label by label.
 *
 * <p>On disk, as {@code numpy.load} reads them, a number a node: {@value #FEATURES_FILE} (int32, the feature it asks for, -1 for a leaf),
 * {@value #THRESHOLDS_FILE} (float32), {@value #ZEROS_FILE} (bool, whether 0 goes left), {@value #CHILDREN_FILE} (int32, where its left
 * child is, the right one beside that; of a leaf its number). A number a tree: {@value #ROOTS_FILE} (int32, where its root is). Of leaves:
 * {@value #ENDS_FILE} (int32, where its values end, which begin where those of the leaf before end), {@value #LABELS_FILE} (uint16) and
 * {@value #VALUES_FILE} (float32). In memory it takes 13 bytes a node and 6 a value. May be shared by threads.
 */
public final class Forest {
    public static final String ROOTS_FILE = "roots.npy";
    public static final String FEATURES_FILE = "features.npy";
    public static final String THRESHOLDS_FILE = "thresholds.npy";
    public static final String ZEROS_FILE = "zeros.npy";
    public static final String CHILDREN_FILE = "children.npy";
    public static final String ENDS_FILE = "ends.npy";
    public static final String LABELS_FILE = "labels.npy";
    public static final String VALUES_FILE = "values.npy";

    /** All of them. */
    public static final List<String> FILES = List.of(
            ROOTS_FILE, FEATURES_FILE, THRESHOLDS_FILE, ZEROS_FILE, CHILDREN_FILE, ENDS_FILE, LABELS_FILE, VALUES_FILE);

    static final int LEAF = -1;

    private final int[] roots;
    private final int[] features;
    private final float[] thresholds;
    private final boolean[] zeros;
    private final int[] children;
    private final int[] ends;
    private final char[] labels;
    private final float[] values;
    private final int featureCount;
    private final int labelCount;

    private Forest(Path directory, int featureCount, int labelCount) throws IOException {
        this.featureCount = featureCount;
        this.labelCount = labelCount;
        this.roots = NpyFile.ints(directory.resolve(ROOTS_FILE));
        this.features = NpyFile.ints(directory.resolve(FEATURES_FILE));
        this.thresholds = NpyFile.floats(directory.resolve(THRESHOLDS_FILE), features.length);
        this.zeros = NpyFile.booleans(directory.resolve(ZEROS_FILE), features.length);
        this.children = NpyFile.ints(directory.resolve(CHILDREN_FILE));
        this.ends = NpyFile.ints(directory.resolve(ENDS_FILE));
        int valueCount = ends.length == 0 ? 0 : ends[ends.length - 1];
        this.labels = NpyFile.chars(directory.resolve(LABELS_FILE), valueCount);
        this.values = NpyFile.floats(directory.resolve(VALUES_FILE), valueCount);
    }

    /**
     * Reads one.
     *
     * @param directory that a {@link ForestWriter} wrote into
     * @param featureCount of vectors
     * @throws UserException if the files do not fit together, or ask for other features and labels
     */
    public static Forest read(Path directory, int featureCount, int labelCount) {
        try {
            Forest forest = new Forest(directory, featureCount, labelCount);
            String damage = forest.damage();
            if (damage != null) {
                throw new UserException(
                        "Cannot read the trees " + directory + ": found " + damage + ", expected trees of "
                                + featureCount + " features and " + labelCount
                                + " labels. Copy the bundle again, or train again.");
            }
            return forest;
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the trees " + directory + ": found " + e + ", expected readable files", e);
        }
    }

    /** What is wrong with it: children come after their parents, so that no walk is endless. */
    private String damage() {
        if (roots.length == 0 || children.length != features.length) {
            return roots.length + " trees, " + features.length + " nodes and " + children.length + " children";
        }
        for (int root : roots) {
            if (root < 0 || root >= features.length) {
                return "a root at " + root + " of " + features.length + " nodes";
            }
        }
        for (int node = 0; node < features.length; node++) {
            boolean isLeaf = features[node] == LEAF;
            boolean isWhole = isLeaf
                    ? children[node] >= 0 && children[node] < ends.length
                    : features[node] >= 0
                            && features[node] < featureCount
                            && children[node] > node
                            && children[node] < features.length - 1;
            if (!isWhole) {
                return "node " + node + " with feature " + features[node] + " and child " + children[node];
            }
        }
        for (int leaf = 0; leaf < ends.length; leaf++) {
            if (ends[leaf] < start(leaf)) {
                return "a leaf of " + (ends[leaf] - start(leaf)) + " values";
            }
        }
        for (char label : labels) {
            if (label >= labelCount) {
                return "label " + (int) label;
            }
        }
        return null;
    }

    private int start(int leaf) {
        return leaf == 0 ? 0 : ends[leaf - 1];
    }

    /** How many trees there are. */
    public int trees() {
        return roots.length;
    }

    /** The values of the leaves that a vector comes to, added up, double[labels]. */
    public double[] sums(SparseVector vector) {
        float[] dense = new float[featureCount];
        for (int i = 0; i < vector.indices().length; i++) {
            dense[vector.indices()[i]] = vector.values()[i];
        }
        double[] sums = new double[labelCount];
        for (int root : roots) {
            int leaf = leaf(root, dense);
            for (int at = start(leaf); at < ends[leaf]; at++) {
                sums[labels[at]] += values[at];
            }
        }
        return sums;
    }

    private int leaf(int root, float[] dense) {
        int node = root;
        while (features[node] != LEAF) {
            float value = dense[features[node]];
            boolean isLeft = value == 0 ? zeros[node] : value <= thresholds[node];
            node = children[node] + (isLeft ? 0 : 1);
        }
        return children[node];
    }
}
