package io.aisle.core.onnx;

import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** DistilBERT classifiers of a few thousand seeded weights. */
public final class TinyDistilBert {
    private TinyDistilBert() {}

    /** 2 layers, 3 heads, 12 wide. */
    public static DistilBertConfig config(int vocabularySize, int maxPositions, Pooling pooling) {
        return new DistilBertConfig(vocabularySize, maxPositions, 12, 2, 3, 20, pooling);
    }

    /** Weights large enough for every part of the network to show in the logits; a LayerNorm's lie about 1. */
    public static Map<String, Tensor> weights(DistilBertConfig config, int labels, long seed) {
        Random random = new Random(seed);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        DistilBertWeights.shapes(config, labels).forEach((name, shape) -> {
            float centre = name.matches(".*([lL]ayer_?[nN]orm|layer_norm)\\.weight") ? 1 : 0;
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            for (int i = 0; i < values.length; i++) {
                values[i] = centre + 0.4f * (float) random.nextGaussian();
            }
            weights.put(name, new Tensor(shape, values));
        });
        return weights;
    }

    /** Word-piece ids of texts of 3 to 39, seeded. */
    public static List<int[]> texts(int vocabularySize, int count, long seed) {
        Random random = new Random(seed);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(random.ints(3 + random.nextInt(37), 5, vocabularySize).toArray());
        }
        return texts;
    }
}
