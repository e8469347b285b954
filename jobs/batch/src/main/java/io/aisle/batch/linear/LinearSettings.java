package io.aisle.batch.linear;

import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.RemovedWords;
import io.aisle.core.product.ProductField;
import io.aisle.core.settings.Settings;
import io.aisle.training.linear.SupportVectors;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the kind linear needs to know.
 *
 * @param minProducts products that an n-gram has to occur in to be a feature
 * @param maxFeatures the most frequent are kept where there are more
 * @param minWeight weights of the bundle that are smaller are left out
 * @param refit whether to go on with the validation rows once their margins are known
 */
public record LinearSettings(
        NgramSettings ngrams,
        long minProducts,
        int maxFeatures,
        SupportVectors solver,
        double minWeight,
        boolean refit) {
    private static final String KEY = "train.linear.";

    public static LinearSettings read(Settings settings) {
        int maxWords = settings.integer(KEY + "max-words", 0, 5);
        int minCharacters = settings.integer(KEY + "min-characters", 1, 10);
        int maxCharacters = settings.integer(KEY + "max-characters", 0, 10);
        if (maxCharacters != 0 && maxCharacters < minCharacters) {
            settings.problem(
                    KEY + "max-characters",
                    Integer.toString(maxCharacters),
                    "0, or " + KEY + "min-characters (" + minCharacters + ") or more");
            maxCharacters = minCharacters;
        }
        if (maxWords == 0 && maxCharacters == 0) {
            settings.problem(KEY + "max-words", "0 beside 0 characters", "n-grams of words, characters or both");
            maxWords = 1;
        }
        return new LinearSettings(
                new NgramSettings(
                        maxWords,
                        minCharacters,
                        maxCharacters,
                        new TreeSet<>(settings.choices(KEY + "remove", RemovedWords.class)),
                        fieldWeights(settings)),
                settings.wholeNumber(KEY + "min-products", 1, Long.MAX_VALUE),
                settings.integer(KEY + "max-features", 1, 100_000_000),
                new SupportVectors(
                        settings.number(KEY + "c", 1e-9, 1e9),
                        settings.number(KEY + "tolerance", 1e-9, 10),
                        settings.integer(KEY + "max-epochs", 1, 1_000_000)),
                settings.number(KEY + "min-weight", 0, 1),
                settings.flag(KEY + "refit"));
    }

    /** The same, but that the validation rows are not learnt from. */
    public LinearSettings withoutRefit() {
        return new LinearSettings(ngrams, minProducts, maxFeatures, solver, minWeight, false);
    }

    private static SortedMap<String, Double> fieldWeights(Settings settings) {
        SortedMap<String, Double> weights = new TreeMap<>();
        for (ProductField field : ProductField.values()) {
            weights.put(field.key(), settings.number(KEY + "field-weights." + field.key(), 0, 1_000));
        }
        return weights;
    }

    /** Everything that the weights depend on, for the manifest. */
    public Map<String, String> asText() {
        SortedMap<String, String> text = new TreeMap<>();
        text.put("linear_min_products", Long.toString(minProducts));
        text.put("linear_max_features", Integer.toString(maxFeatures));
        text.put("linear_c", Double.toString(solver.c()));
        text.put("linear_tolerance", Double.toString(solver.tolerance()));
        text.put("linear_max_epochs", Integer.toString(solver.maxEpochs()));
        text.put("linear_min_weight", Double.toString(minWeight));
        text.put("linear_refit", Boolean.toString(refit));
        return text;
    }
}
