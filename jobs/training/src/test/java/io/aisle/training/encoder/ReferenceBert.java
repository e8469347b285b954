package io.aisle.training.encoder;

import io.aisle.core.onnx.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * The forward pass of BERT (Devlin et al. 2019) for one text, as its paper and those it cites have it: plain loops in double precision
 * over the weights of a checkpoint, by the names without a prefix.
 */
final class ReferenceBert {
    private static final double EPSILON = 1e-12;

    private final Map<String, Tensor> weights;
    private final int layers;
    private final int heads;

    ReferenceBert(Map<String, Tensor> weights, int layers, int heads) {
        this.weights = weights;
        this.layers = layers;
        this.heads = heads;
    }

    /** The last hidden state of the first token. */
    double[] first(int... ids) {
        double[][] states = new double[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            double[] word = row("embeddings.word_embeddings.weight", ids[i]);
            double[] position = row("embeddings.position_embeddings.weight", i);
            double[] type = row("embeddings.token_type_embeddings.weight", 0);
            states[i] = norm("embeddings.LayerNorm", sum(sum(word, position), type));
        }
        for (int i = 0; i < layers; i++) {
            states = layer("encoder.layer." + i + ".", states);
        }
        return states[0];
    }

    /** W x + b. */
    static double[] linear(Tensor weight, Tensor bias, double[] x) {
        double[] y = new double[bias.values().length];
        for (int i = 0; i < y.length; i++) {
            y[i] = bias.values()[i];
            for (int j = 0; j < x.length; j++) {
                y[i] += weight.values()[i * x.length + j] * x[j];
            }
        }
        return y;
    }

    static double[] logSoftmax(double[] x) {
        double sum = Arrays.stream(x).map(Math::exp).sum();
        return Arrays.stream(x).map(value -> value - Math.log(sum)).toArray();
    }

    private double[][] layer(String name, double[][] states) {
        double[][] mixed = attention(name + "attention.self.", states);
        double[][] result = new double[states.length][];
        for (int i = 0; i < states.length; i++) {
            double[] attended = norm(
                    name + "attention.output.LayerNorm",
                    sum(linear(name + "attention.output.dense", mixed[i]), states[i]));
            double[] inner = linear(name + "intermediate.dense", attended);
            double[] active = Arrays.stream(inner).map(ReferenceBert::gelu).toArray();
            result[i] = norm(name + "output.LayerNorm", sum(linear(name + "output.dense", active), attended));
        }
        return result;
    }

    private double[][] attention(String name, double[][] states) {
        int tokens = states.length;
        int dim = states[0].length;
        int width = dim / heads;
        double[][] mixed = new double[tokens][dim];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < tokens; i++) {
                double[] query = linear(name + "query", states[i]);
                double[] scores = new double[tokens];
                for (int j = 0; j < tokens; j++) {
                    double[] key = linear(name + "key", states[j]);
                    for (int k = head * width; k < (head + 1) * width; k++) {
                        scores[j] += query[k] * key[k] / Math.sqrt(width);
                    }
                }
                double[] shares = logSoftmax(scores);
                for (int j = 0; j < tokens; j++) {
                    double[] value = linear(name + "value", states[j]);
                    for (int k = head * width; k < (head + 1) * width; k++) {
                        mixed[i][k] += Math.exp(shares[j]) * value[k];
                    }
                }
            }
        }
        return mixed;
    }

    private double[] norm(String name, double[] x) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance = Arrays.stream(x)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (x[i] - mean)
                            / Math.sqrt(variance + EPSILON)
                            * get(name + ".weight").values()[i]
                    + get(name + ".bias").values()[i];
        }
        return y;
    }

    /** x Φ(x), the normal distribution summed up by Simpson's rule. */
    private static double gelu(double x) {
        int steps = 2000;
        double step = x / steps;
        double area = 0;
        for (int i = 0; i <= steps; i++) {
            double weight = i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4;
            area += weight * Math.exp(-(i * step) * (i * step) / 2);
        }
        return x * (0.5 + area * step / 3 / Math.sqrt(2 * Math.PI));
    }

    private double[] linear(String name, double[] x) {
        return linear(get(name + ".weight"), get(name + ".bias"), x);
    }

    private double[] row(String name, int index) {
        Tensor table = get(name);
        int width = (int) table.shape()[1];
        double[] row = new double[width];
        for (int i = 0; i < width; i++) {
            row[i] = table.values()[index * width + i];
        }
        return row;
    }

    private Tensor get(String name) {
        return weights.get(name);
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }
}
