package io.aisle.core.trees;

import io.aisle.core.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;

/** Writes a {@link Forest}, tree by tree, each level by level. */
public final class ForestWriter implements AutoCloseable {
    private final NpyFile.Writer roots;
    private final NpyFile.Writer features;
    private final NpyFile.Writer thresholds;
    private final NpyFile.Writer zeros;
    private final NpyFile.Writer children;
    private final NpyFile.Writer ends;
    private final NpyFile.Writer labels;
    private final NpyFile.Writer values;
    private int nodes;
    private int leaves;
    private int valuesWritten;

    /** Starts one in a directory that exists. */
    public ForestWriter(Path directory) throws IOException {
        this.roots = NpyFile.writeInts(directory.resolve(Forest.ROOTS_FILE));
        this.features = NpyFile.writeInts(directory.resolve(Forest.FEATURES_FILE));
        this.thresholds = NpyFile.writeFloats(directory.resolve(Forest.THRESHOLDS_FILE));
        this.zeros = NpyFile.writeBooleans(directory.resolve(Forest.ZEROS_FILE));
        this.children = NpyFile.writeInts(directory.resolve(Forest.CHILDREN_FILE));
        this.ends = NpyFile.writeInts(directory.resolve(Forest.ENDS_FILE));
        this.labels = NpyFile.writeChars(directory.resolve(Forest.LABELS_FILE));
        this.values = NpyFile.writeFloats(directory.resolve(Forest.VALUES_FILE));
    }

    /** Adds a tree. */
    public void add(Node root) throws IOException {
        roots.add(nodes);
        Queue<Node> level = new ArrayDeque<>();
        level.add(root);
        int next = nodes + 1;
        while (!level.isEmpty()) {
            Node node = level.remove();
            if (node instanceof Node.Split split) {
                write(split.feature(), split.threshold(), split.isZeroLeft(), next);
                next += 2;
                level.add(split.left());
                level.add(split.right());
            } else if (node instanceof Node.Leaf leaf) {
                write(Forest.LEAF, 0, false, leaves);
                write(leaf);
            }
        }
    }

    private void write(int feature, float threshold, boolean isZeroLeft, int child) throws IOException {
        features.add(feature);
        thresholds.add(threshold);
        zeros.add(isZeroLeft);
        children.add(child);
        nodes = Math.incrementExact(nodes);
    }

    private void write(Node.Leaf leaf) throws IOException {
        for (int i = 0; i < leaf.labels().length; i++) {
            labels.add((char) leaf.labels()[i]);
            values.add(leaf.values()[i]);
        }
        valuesWritten = Math.addExact(valuesWritten, leaf.labels().length);
        ends.add(valuesWritten);
        leaves++;
    }

    /** How many nodes were written, leaves among them. */
    public int nodes() {
        return nodes;
    }

    @Override
    public void close() throws IOException {
        try (roots;
                features;
                thresholds;
                zeros;
                children;
                ends;
                labels;
                values) {
            // each is closed whatever becomes of the others
        }
    }
}
