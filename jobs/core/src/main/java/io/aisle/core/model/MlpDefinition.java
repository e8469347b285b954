package io.aisle.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.aisle.core.mlp.Perceptron;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.VectorScorer;
import io.aisle.core.onnx.Device;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * A classifier of n-grams by a multilayer perceptron.
 *
 * @param ngrams what its features are made of
 * @param layers their widths: features, hidden layers, labels
 * @param scaling what is done to the sums of the last layer; in the manifest {@code temperature}
 */
@JsonPropertyOrder({"recipe", "labels", "foldMap", "ngrams", "layers", "temperature"})
public record MlpDefinition(
        TextRecipe recipe,
        List<CategoryPath> labels,
        SortedMap<String, String> foldMap,
        NgramSettings ngrams,
        List<Integer> layers,
        @JsonProperty("temperature") Scaling scaling)
        implements ModelDefinition {
    public static final String KIND = "mlp";

    /** Where a bundle keeps the n-grams. */
    public static final String NGRAMS_DIRECTORY = TreesDefinition.NGRAMS_DIRECTORY;

    /** Where a bundle keeps the weights. */
    public static final String DIRECTORY = "mlp";

    public MlpDefinition {
        labels = ModelDefinition.checked(labels);
        foldMap = ModelDefinition.sorted(foldMap);
        layers = List.copyOf(layers);
        if (layers.size() < 2 || layers.get(layers.size() - 1) != labels.size()) {
            throw new IllegalArgumentException("Cannot define a model: found layers " + layers
                    + ", expected features first and " + labels.size() + " labels last");
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<String> files() {
        return List.of(
                NGRAMS_DIRECTORY + "/" + NgramIndex.FEATURES_FILE,
                NGRAMS_DIRECTORY + "/" + NgramIndex.IDF_FILE,
                DIRECTORY + "/" + Perceptron.WEIGHTS_FILE);
    }

    @Override
    public Classifier open(Path bundle, int threads, Device device) {
        NgramIndex index = NgramClassifier.index(bundle, NGRAMS_DIRECTORY, ngrams, this, layers.get(0));
        return new NgramClassifier(labels, index, scorer(Perceptron.read(bundle.resolve(DIRECTORY), layers), scaling));
    }

    /** The logits of vectors by a perceptron. */
    public static VectorScorer scorer(Perceptron perceptron, Scaling scaling) {
        return vector -> scaling.of(perceptron.scores(vector));
    }

    @Override
    public List<String> describe() {
        return List.of(
                "Reads the n-grams of each field, listed in `ngrams/features.txt`, as the recipe in `manifest.json` cleans it.",
                "A multilayer perceptron of layers " + layers + ", its weights in `mlp/` as NumPy reads them.");
    }
}
