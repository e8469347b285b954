package io.aisle.batch;

import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.Provenance;
import io.aisle.core.model.Scaling;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A network of the size of DistilBERT base, uncased, with a head that reads [CLS] and the mean: random weights, a vocabulary made up. */
public final class BaseSizeBundle {
    public static final int MAX_TOKENS = 64;
    public static final DistilBertConfig CONFIG =
            new DistilBertConfig(30_522, 512, 768, 6, 12, 3_072, Pooling.CLS_AND_MEAN);
    private static final int LABELS = 40;

    /** More than BERT's initial weights have, so that texts differ in their labels. */
    private static final double DEVIATION = 0.05;

    private BaseSizeBundle() {}

    public static ModelBundle write(Path directory) {
        return write(directory, MAX_TOKENS);
    }

    /** With another limit of tokens. */
    public static ModelBundle write(Path directory, int maxTokens) {
        List<CategoryPath> labels = new ArrayList<>();
        for (int label = 0; label < LABELS; label++) {
            labels.add(CategoryPath.of("Department " + label % 7, "Shelf " + label));
        }
        NetworkDefinition model = NetworkDefinition.of(TextRecipe.standard(), maxTokens, labels, Map.of(), CONFIG);
        return BundleWriter.write(directory, model, vocabulary(), weights(LABELS), Scaling.NONE)
                .finish(Provenance.of("made up", Map.of(), Map.of(), Map.of()), Map.of(), 0.03, 0.9);
    }

    /** The encoder's and those of a head of so many labels. */
    public static SortedMap<String, Tensor> weights(int labels) {
        SplittableRandom random = new SplittableRandom(9);
        SortedMap<String, Tensor> weights = new TreeMap<>();
        DistilBertWeights.shapes(CONFIG, labels).forEach((name, shape) -> {
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            boolean isScale = name.matches(".*([lL]ayer_?[nN]orm|layer_norm)\\.weight");
            for (int i = 0; i < values.length; i++) {
                // a uniform distribution is the root of 12 times as wide as its deviation
                values[i] = isScale ? 1 : (float) ((random.nextDouble() - 0.5) * Math.sqrt(12) * DEVIATION);
            }
            weights.put(name, new Tensor(shape, values));
        });
        return weights;
    }

    /** Letters and digits, each also inside a word, and then numbers in base 36. */
    public static Vocabulary vocabulary() {
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        for (int character = 0; character < 36; character++) {
            pieces.add(Integer.toString(character, 36));
            pieces.add("##" + Integer.toString(character, 36));
        }
        for (int word = 36; pieces.size() < CONFIG.vocabularySize(); word++) {
            pieces.add((word % 3 == 0 ? "##" : "") + Integer.toString(word, 36));
        }
        return Vocabulary.of(pieces);
    }
}
