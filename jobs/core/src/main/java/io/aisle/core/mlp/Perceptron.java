package io.aisle.core.mlp;

import io.aisle.core.UserException;
import io.aisle.core.ngram.SparseVector;
import io.aisle.core.ngram.VectorScorer;
import io.aisle.core.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A multilayer perceptron: fully connected layers, the logistic function after each but the last (Rumelhart, Hinton and Williams 1986,
 * "Learning representations by back-propagating errors"), whose sums are the logits.
 *
 * <p>On disk {@value #WEIGHTS_FILE}, float32 as {@code numpy.load} reads it, layer by layer: the weights of its first input, one an output;
 * then those of the next input; at last the biases, one an output. Summed in double. May be shared by threads.
 */
public final class Perceptron implements VectorScorer {
    public static final String WEIGHTS_FILE = "weights.npy";

    private final List<Integer> layers;
    private final float[] weights;

    private Perceptron(List<Integer> layers, float[] weights) {
        this.layers = layers;
        this.weights = weights;
    }

    /**
     * Reads one.
     *
     * @param layers their widths: features, hidden layers, labels
     * @throws UserException if the file is of other layers
     */
    public static Perceptron read(Path directory, List<Integer> layers) {
        try {
            return new Perceptron(
                    List.copyOf(layers), NpyFile.floats(directory.resolve(WEIGHTS_FILE), weightCount(layers)));
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the weights of " + directory + ": found " + e + ", expected a readable file", e);
        }
    }

    /** How many weights and biases such layers have. */
    public static int weightCount(List<Integer> layers) {
        int count = 0;
        for (int layer = 1; layer < layers.size(); layer++) {
            count = Math.addExact(count, Math.multiplyExact(layers.get(layer - 1) + 1, layers.get(layer)));
        }
        return count;
    }

    /** Writes weights, in the order of the file, into a directory that exists. */
    public static void write(Path directory, double[] weights) throws IOException {
        try (NpyFile.Writer writer = NpyFile.writeFloats(directory.resolve(WEIGHTS_FILE))) {
            for (double weight : weights) {
                writer.add((float) weight);
            }
        }
    }

    @Override
    public float[] scores(SparseVector vector) {
        int width = layers.get(1);
        int biases = layers.get(0) * width;
        double[] sums = biases(biases, width);
        for (int i = 0; i < vector.indices().length; i++) {
            add(vector.values()[i], vector.indices()[i] * width, sums);
        }
        int start = biases + width;
        for (int layer = 2; layer < layers.size(); layer++) {
            int inputs = sums.length;
            width = layers.get(layer);
            double[] next = biases(start + inputs * width, width);
            for (int input = 0; input < inputs; input++) {
                add(1 / (1 + Math.exp(-sums[input])), start + input * width, next);
            }
            start += (inputs + 1) * width;
            sums = next;
        }
        float[] scores = new float[sums.length];
        for (int label = 0; label < scores.length; label++) {
            scores[label] = (float) sums[label];
        }
        return scores;
    }

    private double[] biases(int start, int width) {
        double[] sums = new double[width];
        for (int output = 0; output < width; output++) {
            sums[output] = weights[start + output];
        }
        return sums;
    }

    private void add(double value, int start, double[] sums) {
        for (int output = 0; output < sums.length; output++) {
            sums[output] += value * weights[start + output];
        }
    }
}
