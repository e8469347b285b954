package io.aisle.core.trees;

/** A node of a decision tree while it is written. */
public sealed interface Node permits Node.Split, Node.Leaf {

    /**
     * Asks for a feature.
     *
     * @param threshold a value that is not 0 goes left where it is this or less
     * @param isZeroLeft whether 0 goes left
     */
    record Split(int feature, float threshold, boolean isZeroLeft, Node left, Node right) implements Node {}

    /**
     * Gives values to some of the labels.
     *
     * @param labels ascending, none twice
     * @param values one a label
     */
    record Leaf(int[] labels, float[] values) implements Node {
        public Leaf {
            if (labels.length != values.length) {
                throw new IllegalArgumentException("Cannot make a leaf: found " + labels.length + " labels and "
                        + values.length + " values, expected as many");
            }
        }
    }

    /** The greatest float32 that is not above a threshold: for float32 values, {@code value <= threshold} says the same of both. */
    static float atMost(double threshold) {
        float nearest = (float) threshold;
        return nearest > threshold ? Math.nextDown(nearest) : nearest;
    }

    /** The greatest float32 below a threshold: for float32 values, {@code value < threshold} and {@code value <= below} are the same. */
    static float below(float threshold) {
        return Math.nextDown(threshold);
    }
}
