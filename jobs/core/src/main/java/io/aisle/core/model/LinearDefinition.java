package io.aisle.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.aisle.core.linear.LevelSigmoid;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.onnx.Device;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * A linear classifier of n-grams.
 *
 * @param ngrams what its features are made of
 * @param features how many there are
 * @param levels what becomes of the margins of each level of the labels that says something, root first, with the temperature in it
 * @param scaling what is done to the scores after that; the manifest has it only where it is more than nothing
 */
public record LinearDefinition(
        TextRecipe recipe,
        List<CategoryPath> labels,
        SortedMap<String, String> foldMap,
        NgramSettings ngrams,
        int features,
        List<LevelSigmoid> levels,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Scaling scaling)
        implements ModelDefinition {
    public static final String KIND = "linear";

    public LinearDefinition {
        labels = ModelDefinition.checked(labels);
        foldMap = ModelDefinition.sorted(foldMap);
        levels = List.copyOf(levels);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<String> files() {
        return LinearClassifier.FILES;
    }

    @Override
    public Classifier open(Path bundle, int threads, Device device) {
        return LinearClassifier.open(bundle, this);
    }

    @Override
    public List<String> describe() {
        return List.of(
                "Reads the n-grams of each field, listed in `linear/features.txt`, as the recipe in `manifest.json` cleans it.",
                String.format(
                        Locale.ROOT,
                        "A linear classifier of %,d features, its weights in `linear/` as NumPy and SciPy read them, with the"
                                + " calibration in them.",
                        features));
    }
}
