package io.aisle.batch;

import io.aisle.batch.score.Scoring;
import io.aisle.batch.sparknlp.SparkNlpPipeline;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.Provenance;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A bundle whose answers can be worked out by hand. It knows the words tea, lamp and drill; each speaks for one label, and every other
 * word says nothing. Of T tokens ([CLS] and [SEP] among them) one of which is such a word, its label's logit stands 12 ln 2 / T above
 * the others: with K = 3 labels its probability is 1 / (1 + 2 · 2^(-12/T)), which is 8/9 for one word alone, 4/5 for two words, 2/3
 * for four, and 1/2 for ten. Texts without such a word get 1/3 each, and so the first label.
 *
 * <p>There is no layer between embeddings and classifier. A word's embedding is a unit vector of 4 dimensions, which LayerNorm turns
 * into √3 at its place and -1/√3 elsewhere; all other embeddings are 0 and stay 0. The mean over tokens divides by T, and the
 * classifier reads place k for label k with weight 3 √3 ln 2.
 */
public final class HandMadeBundle {
    public static final CategoryPath TEA = CategoryPath.of("Grocery", "Tea");
    public static final CategoryPath LAMPS = CategoryPath.of("Home", "Lamps");
    public static final CategoryPath OTHER_TOOLS = CategoryPath.of("Tools", "other");
    public static final List<CategoryPath> LABELS = List.of(TEA, LAMPS, OTHER_TOOLS);
    public static final double ACCEPT_THRESHOLD = 0.7;

    private static final List<String> WORDS = List.of("tea", "lamp", "drill");
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
        Vocabulary vocabulary =
                Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "tea", "lamp", "drill", "red"));
        DistilBertConfig network = new DistilBertConfig(vocabulary.size(), MAX_TOKENS, DIM, 0, 1, DIM, Pooling.MEAN);
        CategoryPath anvils = CategoryPath.of("Tools", "Anvils");
        CategoryPath saws = CategoryPath.of("Tools", "Saws");
        ModelDefinition model = ModelDefinition.distilBert(
                TextRecipe.standard(), MAX_TOKENS, LABELS, Map.of(anvils, OTHER_TOOLS, saws, OTHER_TOOLS), network);
        BundleWriter writer = BundleWriter.write(directory, model, vocabulary, weights(network, vocabulary), 1);
        SparkNlpPipeline.save(
                SparkNlpPipeline.build(
                        TestSession.get(),
                        writer.modelFile(),
                        vocabulary.pieces(),
                        LABELS.stream().map(CategoryPath::toString).toList(),
                        MAX_TOKENS),
                directory.resolve(Scoring.SPARK_NLP_DIRECTORY));
        return writer.finish(
                Provenance.of("made by hand", Map.of(), Map.of(), Map.of()), Map.of(), ACCEPT_THRESHOLD, 0.92);
    }

    private static Map<String, Tensor> weights(DistilBertConfig network, Vocabulary vocabulary) {
        Map<String, Tensor> weights = new HashMap<>();
        DistilBertWeights.shapes(network, LABELS.size()).forEach((name, shape) -> {
            int size = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
            weights.put(name, new Tensor(shape, new float[size]));
        });
        Arrays.fill(values(weights, "distilbert.embeddings.LayerNorm.weight"), 1);
        for (int label = 0; label < WORDS.size(); label++) {
            int id = vocabulary.id(WORDS.get(label));
            values(weights, "distilbert.embeddings.word_embeddings.weight")[id * DIM + label] = 1;
            values(weights, "classifier.weight")[label * DIM + label] = (float) (3 * Math.sqrt(3) * Math.log(2));
        }
        return weights;
    }

    private static float[] values(Map<String, Tensor> weights, String name) {
        return weights.get(name).values();
    }
}
