package io.aisle.serving;

import io.aisle.core.linear.LevelSigmoid;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.LinearClassifier;
import io.aisle.core.model.LinearDefinition;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.Provenance;
import io.aisle.core.model.Scaling;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.RemovedWords;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** Bundles that are made in a moment. */
public final class TestBundles {
    /** No two begin alike, so that they have one level. */
    public static final List<CategoryPath> LABELS = List.of(
            CategoryPath.of("Home", "Lamps"), CategoryPath.of("Grocery", "Tea"), CategoryPath.of("Tools", "=Drills"));

    /** What the model accepts from. */
    public static final double ACCEPT_THRESHOLD = 0.75;

    private static final Map<String, String> FOLDED = Map.of("Tools > Anvils", "Tools > =Drills");
    private static final List<String> WORDS = List.of("drill", "lamp", "tea");

    private TestBundles() {}

    /**
     * A linear bundle: in a title the words lamp, tea and drill each speak for their label.
     *
     * @param weight of a word for its label; another weight is another version
     */
    public static ModelBundle linear(Path directory, float weight) {
        LinearDefinition model = new LinearDefinition(
                TextRecipe.standard(),
                LABELS,
                new TreeMap<>(FOLDED),
                new NgramSettings(
                        1, 1, 0, new TreeSet<>(List.of(RemovedWords.PUNCTUATION)), new TreeMap<>(Map.of("title", 1.0))),
                WORDS.size(),
                List.of(new LevelSigmoid(1, 0, 1)),
                Scaling.NONE);
        return finish(BundleWriter.write(directory, model, bundle -> write(bundle, weight), Scaling.NONE));
    }

    private static void write(Path bundle, float weight) throws IOException {
        Path directory = Files.createDirectories(bundle.resolve(LinearClassifier.DIRECTORY));
        try (NgramIndex.Writer index = new NgramIndex.Writer(directory, 7)) {
            for (String word : WORDS) {
                index.add("tw " + word, 7);
            }
        }
        try (LinearWeights.Writer weights = new LinearWeights.Writer(directory)) {
            weights.bias(new float[LABELS.size()]);
            for (int label : new int[] {2, 0, 1}) {
                weights.add(label, weight);
                weights.endFeature();
            }
        }
    }

    /**
     * A DistilBERT of seeded weights, whose words are the letters.
     *
     * @param dim its width, a multiple of 32
     */
    public static ModelBundle network(Path directory, int layers, int dim, long seed) {
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        for (char c = 'a'; c <= 'z'; c++) {
            pieces.add(String.valueOf(c));
            pieces.add("##" + c);
        }
        Vocabulary vocabulary = Vocabulary.of(pieces);
        DistilBertConfig config =
                new DistilBertConfig(vocabulary.size(), 128, dim, layers, dim / 32, 4 * dim, Pooling.MEAN);
        NetworkDefinition model = NetworkDefinition.of(TextRecipe.standard(), 128, LABELS, FOLDED, config);
        return finish(BundleWriter.write(directory, model, vocabulary, weights(config, seed), Scaling.NONE));
    }

    private static Map<String, Tensor> weights(DistilBertConfig config, long seed) {
        Random random = new Random(seed);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        DistilBertWeights.shapes(config, LABELS.size()).forEach((name, shape) -> {
            float centre = name.matches(".*([lL]ayer_?[nN]orm|layer_norm)\\.weight") ? 1 : 0;
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            for (int i = 0; i < values.length; i++) {
                values[i] = centre + 0.1f * (float) random.nextGaussian();
            }
            weights.put(name, new Tensor(shape, values));
        });
        return weights;
    }

    private static ModelBundle finish(BundleWriter writer) {
        return writer.finish(
                Provenance.of("none", Map.of("weights", 1L), Map.of(), Map.of()),
                Map.of("accuracy", 0.5, "auc", Double.NaN),
                ACCEPT_THRESHOLD,
                0.92);
    }

    /** Makes a bundle of a directory of bundles its champion. */
    public static void promote(Path models, int sequence, String name) throws IOException {
        Path whole = models.resolve(".CURRENT.new");
        Files.writeString(whole, "{\"sequence\":" + sequence + ",\"run_id\":\"" + name + "\"}");
        Files.move(whole, models.resolve("CURRENT"), StandardCopyOption.ATOMIC_MOVE);
    }
}
