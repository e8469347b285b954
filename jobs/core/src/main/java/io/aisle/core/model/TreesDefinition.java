package io.aisle.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.SparseVector;
import io.aisle.core.ngram.VectorScorer;
import io.aisle.core.onnx.Device;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.trees.Forest;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * A classifier of n-grams by decision trees, whatever fitted them.
 *
 * @param ngrams what its features are made of
 * @param features how many there are
 * @param algorithm what fitted the trees, for people
 * @param trees how many there are
 * @param leaves what the values of their leaves are
 * @param scaling what is done to the scores; in the manifest {@code temperature}
 */
@JsonPropertyOrder({"recipe", "labels", "foldMap", "ngrams", "features", "algorithm", "trees", "leaves", "temperature"})
public record TreesDefinition(
        TextRecipe recipe,
        List<CategoryPath> labels,
        SortedMap<String, String> foldMap,
        NgramSettings ngrams,
        int features,
        String algorithm,
        int trees,
        Leaves leaves,
        @JsonProperty("temperature") Scaling scaling)
        implements ModelDefinition {
    public static final String KIND = "trees";

    /** Where a bundle keeps the n-grams. */
    public static final String NGRAMS_DIRECTORY = "ngrams";

    /** Where a bundle keeps the trees. */
    public static final String TREES_DIRECTORY = "trees";

    /** What the values of leaves are. */
    public enum Leaves {
        /** Probabilities: the logits are the logarithms of their means over the trees. */
        PROBABILITIES {
            @Override
            double score(double sum, int trees) {
                return Math.log(Math.max(sum / trees, LEAST_PROBABILITY));
            }
        },
        /** Logits: they are added up. */
        LOGITS {
            @Override
            double score(double sum, int trees) {
                return sum;
            }
        };

        /** Where no tree knows a label, its probability counts as this. */
        public static final double LEAST_PROBABILITY = 1e-6;

        abstract double score(double sum, int trees);

        /** The logits of sums over the leaves of trees. */
        public float[] logits(double[] sums, int trees, Scaling scaling) {
            float[] logits = new float[sums.length];
            for (int label = 0; label < logits.length; label++) {
                logits[label] = (float) (score(sums[label], trees) / scaling.temperature());
            }
            return scaling.byLabel(logits);
        }
    }

    public TreesDefinition {
        labels = ModelDefinition.checked(labels);
        foldMap = ModelDefinition.sorted(foldMap);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<String> files() {
        return Stream.concat(
                        Stream.of(NgramIndex.FEATURES_FILE, NgramIndex.IDF_FILE)
                                .map(file -> NGRAMS_DIRECTORY + "/" + file),
                        Forest.FILES.stream().map(file -> TREES_DIRECTORY + "/" + file))
                .toList();
    }

    @Override
    public Classifier open(Path bundle, int threads, Device device) {
        NgramIndex index = NgramClassifier.index(bundle, NGRAMS_DIRECTORY, ngrams, this, features);
        Forest forest = Forest.read(bundle.resolve(TREES_DIRECTORY), features, labels.size());
        if (forest.trees() != trees) {
            throw ModelBundle.refused(
                    "open the model bundle " + bundle,
                    forest.trees() + " trees",
                    trees + ", as the manifest says",
                    "Copy the bundle again, or train again.");
        }
        return new NgramClassifier(labels, index, scorer(forest, leaves, scaling));
    }

    /** The logits of vectors by trees. */
    public static VectorScorer scorer(Forest forest, Leaves leaves, Scaling scaling) {
        return (SparseVector vector) -> leaves.logits(forest.sums(vector), forest.trees(), scaling);
    }

    @Override
    public List<String> describe() {
        return List.of(
                "Reads the n-grams of each field, listed in `ngrams/features.txt`, as the recipe in `manifest.json` cleans it.",
                String.format(
                        Locale.ROOT,
                        "%,d decision trees of %,d features, fitted by %s, in `trees/` as NumPy reads them.",
                        trees,
                        features,
                        algorithm));
    }
}
