package io.aisle.training;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Weights to start from when there is no pre-trained encoder. */
public final class InitialWeights {
    /** Of every weight matrix, as BERT has it (Devlin et al. 2019, published code: initializer_range). */
    private static final double STANDARD_DEVIATION = 0.02;

    private InitialWeights() {}

    /**
     * Weights drawn from a normal distribution of deviation 0.02; LayerNorms start as the identity and biases at 0. A pure function of
     * its arguments: each weight draws from its own stream, so that another number of labels changes the classifier only.
     */
    public static SortedMap<String, Tensor> random(DistilBertConfig config, int labels, long seed) {
        return drawn(DistilBertWeights.shapes(config, labels), seed);
    }

    /** Writes weights for another process to start from; the stream stays open. */
    public static void write(OutputStream stream, SortedMap<String, Tensor> weights) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
        TensorStreams.writeTensors(out, weights);
        out.flush();
    }

    /** Reads what {@link #write} wrote. */
    public static SortedMap<String, Tensor> read(InputStream stream) throws IOException {
        return TensorStreams.readTensors(new DataInputStream(new BufferedInputStream(stream, 1 << 16)));
    }

    /** The classifier alone, as {@link #random} draws it. */
    public static SortedMap<String, Tensor> head(DistilBertConfig config, int labels, long seed) {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        DistilBertWeights.shapes(config, labels).forEach((name, shape) -> {
            if (name.startsWith(DistilBertWeights.CLASSIFIER + ".")) {
                weights.put(name, initial(name, shape, seed));
            }
        });
        return weights;
    }

    /** An encoder without a head, as {@link #random} draws it. */
    public static SortedMap<String, Tensor> encoder(DistilBertConfig config, long seed) {
        return drawn(DistilBertWeights.encoderShapes(config), seed);
    }

    /** The head that guesses word pieces; see {@link Pretrainer}. */
    public static SortedMap<String, Tensor> maskedLanguageHead(DistilBertConfig config, long seed) {
        return drawn(MaskedLanguageHead.shapes(config), seed);
    }

    private static SortedMap<String, Tensor> drawn(Map<String, long[]> shapes, long seed) {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        shapes.forEach((name, shape) -> weights.put(name, initial(name, shape, seed)));
        return weights;
    }

    private static Tensor initial(String name, long[] shape, long seed) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        if (WeightNames.isLayerNorm(name) && !WeightNames.isBias(name)) {
            Arrays.fill(values, 1f);
        } else if (!WeightNames.isBias(name)) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L + name.hashCode());
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (STANDARD_DEVIATION * random.nextGaussian());
            }
        }
        return new Tensor(shape, values);
    }
}
