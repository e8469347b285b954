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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A bundle whose answers can be worked out by hand. It knows the words tea, lamp and drill; each speaks for one label, and every other
 * word says nothing. Of T tokens ([CLS] and [SEP] among them) one of which is such a word, its label's logit stands 12 ln 2 / T above
 * the others: with K = 3 labels its probability is 1 / (1 + 2 · 2^(-12/T)), which is 8/9 for one word alone, 4/5 for two words, 2/3
 * for four, and 1/2 for ten. Texts without such a word get 1/3 each, and so the first label.
 *
 * <p>It is a bag of word pieces. A word's embedding is a unit vector, all other embeddings are 0. The mean over tokens divides by T,
 * and the classifier reads place k for label k with weight 12 ln 2.
 */
public final class HandMadeBundle {
    public static final CategoryPath TEA = CategoryPath.of("Grocery", "Tea");
    public static final CategoryPath LAMPS = CategoryPath.of("Home", "Lamps");
    public static final CategoryPath OTHER_TOOLS = CategoryPath.of("Tools", "other");
    public static final List<CategoryPath> LABELS = List.of(TEA, LAMPS, OTHER_TOOLS);
    public static final double ACCEPT_THRESHOLD = 0.7;

    private static final int DIM = 4;
    private static final int MAX_TOKENS = 32;

    /** One a JVM; never to be changed: copy it. */
    private static final class Shared {
        static final ModelBundle BUNDLE = write(Fixtures.fresh("hand-made").resolve("bundle"));
    }

    private HandMadeBundle() {}

    public static ModelBundle get() {
        return Shared.BUNDLE;
    }

    private static ModelBundle write(Path directory) {
        CategoryPath anvils = CategoryPath.of("Tools", "Anvils");
        CategoryPath saws = CategoryPath.of("Tools", "Saws");
        Variant variant = new Variant(
                LABELS,
                Map.of(anvils, OTHER_TOOLS, saws, OTHER_TOOLS),
                Map.of("tea", TEA, "lamp", LAMPS, "drill", OTHER_TOOLS),
                List.of("red"),
                1,
                Map.of());
        return write(directory, variant);
    }

    /**
     * Another bundle of this make.
     *
     * @param labels 4 at most
     * @param folds classes folded away
     * @param words each word that speaks for a label, with the label
     * @param mute further words of the vocabulary, which say nothing
     * @param sharpness factor of every logit: 1 gives the probabilities above, more gives surer ones
     * @param parameters of the training, as the provenance has them
     */
    public record Variant(
            List<CategoryPath> labels,
            Map<CategoryPath, CategoryPath> folds,
            Map<String, CategoryPath> words,
            List<String> mute,
            double sharpness,
            Map<String, String> parameters) {}

    public static ModelBundle write(Path directory, Variant variant) {
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        pieces.addAll(new TreeSet<>(variant.words().keySet()));
        pieces.addAll(variant.mute());
        Vocabulary vocabulary = Vocabulary.of(pieces);
        DistilBertConfig network = new DistilBertConfig(vocabulary.size(), MAX_TOKENS, DIM, 0, 1, DIM, Pooling.MEAN);
        Map<String, String> folds = new TreeMap<>();
        variant.folds().forEach((rare, label) -> folds.put(rare.toString(), label.toString()));
        NetworkDefinition model =
                NetworkDefinition.of(TextRecipe.standard(), MAX_TOKENS, variant.labels(), folds, network);
        BundleWriter writer =
                BundleWriter.write(directory, model, vocabulary, weights(network, vocabulary, variant), Scaling.NONE);
        return writer.finish(
                Provenance.of("made by hand", Map.of(), variant.parameters(), Map.of()),
                Map.of(),
                ACCEPT_THRESHOLD,
                0.92);
    }

    private static Map<String, Tensor> weights(DistilBertConfig network, Vocabulary vocabulary, Variant variant) {
        Map<String, Tensor> weights = new HashMap<>();
        DistilBertWeights.shapes(network, variant.labels().size()).forEach((name, shape) -> {
            int size = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
            weights.put(name, new Tensor(shape, new float[size]));
        });
        variant.words().forEach((word, category) -> {
            int label = variant.labels().indexOf(category);
            values(weights, "distilbert.embeddings.word_embeddings.weight")[vocabulary.id(word) * DIM + label] = 1;
        });
        for (int label = 0; label < variant.labels().size(); label++) {
            values(weights, "classifier.weight")[label * DIM + label] =
                    (float) (variant.sharpness() * 12 * Math.log(2));
        }
        return weights;
    }

    private static float[] values(Map<String, Tensor> weights, String name) {
        return weights.get(name).values();
    }
}
