package io.aisle.core.onnx;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The same network written a second time, in double precision, one text at a time and without any padding. */
final class ReferenceDistilBert {
    private final DistilBertConfig config;
    private final Map<String, Tensor> weights;

    ReferenceDistilBert(DistilBertConfig config, Map<String, Tensor> weights) {
        this.config = config;
        this.weights = weights;
    }

    /** Log-probabilities, double[labels]. */
    double[] logits(int[] ids, double temperature) {
        double[] scores = linear("classifier", pooled(ids));
        double sum = 0;
        for (int j = 0; j < scores.length; j++) {
            scores[j] /= temperature;
            sum += Math.exp(scores[j]);
        }
        for (int j = 0; j < scores.length; j++) {
            scores[j] -= Math.log(sum);
        }
        return scores;
    }

    /** What the classifier reads, double[pooledDim]. */
    double[] pooled(int[] ids) {
        double[][] states = new double[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            double[] word = row("distilbert.embeddings.word_embeddings.weight", ids[i]);
            states[i] = config.layers() == 0
                    ? word
                    : layerNorm(
                            "distilbert.embeddings.LayerNorm",
                            sum(word, row("distilbert.embeddings.position_embeddings.weight", i)));
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            String name = "distilbert.transformer.layer." + layer + ".";
            double[][] attended = attention(name + "attention.", states);
            for (int i = 0; i < ids.length; i++) {
                double[] middle = layerNorm(name + "sa_layer_norm", sum(attended[i], states[i]));
                double[] inner = linear(name + "ffn.lin1", middle);
                for (int j = 0; j < inner.length; j++) {
                    inner[j] = inner[j] * normalCumulative(inner[j]);
                }
                states[i] = layerNorm(name + "output_layer_norm", sum(linear(name + "ffn.lin2", inner), middle));
            }
        }
        return pooled(states);
    }

    private double[] pooled(double[][] states) {
        double[] mean = new double[config.dim()];
        for (double[] state : states) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += state[j] / states.length;
            }
        }
        return switch (config.pooling()) {
            case CLS -> states[0];
            case MEAN -> mean;
            case CLS_AND_MEAN ->
                DoubleStream.concat(Arrays.stream(states[0]), Arrays.stream(mean))
                        .toArray();
        };
    }

    private double[][] attention(String name, double[][] states) {
        int tokens = states.length;
        int width = config.dim() / config.heads();
        double[][] context = new double[tokens][config.dim()];
        for (int i = 0; i < tokens; i++) {
            double[] query = linear(name + "q_lin", states[i]);
            for (int head = 0; head < config.heads(); head++) {
                double[] share = new double[tokens];
                double total = 0;
                for (int j = 0; j < tokens; j++) {
                    double[] key = linear(name + "k_lin", states[j]);
                    double score = 0;
                    for (int k = head * width; k < (head + 1) * width; k++) {
                        score += query[k] * key[k];
                    }
                    share[j] = Math.exp(score / Math.sqrt(width));
                    total += share[j];
                }
                for (int j = 0; j < tokens; j++) {
                    double[] value = linear(name + "v_lin", states[j]);
                    for (int k = head * width; k < (head + 1) * width; k++) {
                        context[i][k] += share[j] / total * value[k];
                    }
                }
            }
        }
        double[][] attended = new double[tokens][];
        for (int i = 0; i < tokens; i++) {
            attended[i] = linear(name + "out_lin", context[i]);
        }
        return attended;
    }

    private double[] linear(String name, double[] x) {
        double[] bias = row(name + ".bias", 0);
        double[] y = new double[bias.length];
        for (int j = 0; j < y.length; j++) {
            double[] weight = row(name + ".weight", j);
            y[j] = bias[j];
            for (int k = 0; k < x.length; k++) {
                y[j] += weight[k] * x[k];
            }
        }
        return y;
    }

    private double[] layerNorm(String name, double[] x) {
        double mean = 0;
        for (double value : x) {
            mean += value / x.length;
        }
        double variance = 0;
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double[] weight = row(name + ".weight", 0);
        double[] bias = row(name + ".bias", 0);
        double[] y = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            y[j] = (x[j] - mean) / Math.sqrt(variance + 1e-12) * weight[j] + bias[j];
        }
        return y;
    }

    /** A row of a matrix, or the whole of a vector. */
    private double[] row(String name, int index) {
        Tensor tensor = weights.get(name);
        int width = (int) tensor.shape()[tensor.shape().length - 1];
        double[] row = new double[width];
        for (int j = 0; j < width; j++) {
            row[j] = tensor.values()[index * width + j];
        }
        return row;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int j = 0; j < a.length; j++) {
            sum[j] = a[j] + b[j];
        }
        return sum;
    }

    /** The standard normal distribution function, by its series (Marsaglia 2004, "Evaluating the normal distribution"). */
    private static double normalCumulative(double x) {
        if (Math.abs(x) > 8) {
            return x < 0 ? 0 : 1;
        }
        double sum = x;
        double term = x;
        for (int i = 3; sum + term != sum; i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }
}
