package io.aisle.batch.sparknlp;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertGraph;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small DistilBERT with random weights, in which every token of a text moves every probability. */
final class RandomNetwork {
    static final int MAX_TOKENS = 24;
    static final int VOCABULARY_SIZE = 600;
    static final int UNKNOWN = 1;
    static final int START = 2;
    static final int END = 3;

    private RandomNetwork() {}

    /** [PAD], [UNK], [CLS] and [SEP] as ids 0 to 3, not where BERT's own vocabulary has them. */
    static List<String> pieces() {
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        for (int id = pieces.size(); id < VOCABULARY_SIZE; id++) {
            pieces.add((id % 3 == 0 ? "##" : "") + Integer.toString(id, 36));
        }
        return pieces;
    }

    /** [CLS], then {@code length} ids, [SEP] and [UNK] among them, then [SEP]. */
    static int[] ids(Random random, int length) {
        int[] ids = new int[length + 2];
        ids[0] = START;
        for (int i = 1; i <= length; i++) {
            ids[i] = switch (random.nextInt(8)) {
                case 0 -> END;
                case 1 -> UNKNOWN;
                default -> 1 + random.nextInt(VOCABULARY_SIZE - 1);
            };
        }
        ids[length + 1] = END;
        return ids;
    }

    static Path write(Path file, int labels, long seed) throws IOException {
        DistilBertConfig config = new DistilBertConfig(VOCABULARY_SIZE, MAX_TOKENS, 32, 2, 2, 64, Pooling.MEAN);
        Random random = new Random(seed);
        Map<String, Tensor> weights = new HashMap<>();
        DistilBertWeights.shapes(config, labels)
                .forEach((name, shape) -> weights.put(name, random(random, name, shape)));
        return Files.write(file, DistilBertGraph.build(config, weights, 1).toByteArray());
    }

    private static Tensor random(Random random, String name, long[] shape) {
        int size = 1;
        for (long axis : shape) {
            size *= (int) axis;
        }
        double scale = name.startsWith("classifier") ? 1 : 0.3;
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return new Tensor(shape, values);
    }
}
