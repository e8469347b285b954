package io.aisle.batch.reduced;

import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.RemovedWords;
import io.aisle.core.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the kinds of few features share.
 *
 * @param ngrams words alone
 * @param minProducts products of train that an n-gram has to occur in
 * @param features n-grams that are kept: those that say most about the label
 * @param smote fills up rare classes; none where they stay as they are
 */
public record ReducedSettings(NgramSettings ngrams, long minProducts, int features, Optional<Smote> smote) {
    private static final String KEY = "train.reduced.";

    public static ReducedSettings read(Settings settings) {
        return new ReducedSettings(
                new NgramSettings(
                        settings.integer(KEY + "max-words", 1, 5),
                        1,
                        0,
                        new TreeSet<>(settings.choices(KEY + "remove", RemovedWords.class)),
                        new TreeMap<>()),
                settings.wholeNumber(KEY + "min-products", 1, Long.MAX_VALUE),
                settings.integer(KEY + "features", 1, 100_000),
                smote(settings));
    }

    private static Optional<Smote> smote(Settings settings) {
        Smote smote = new Smote(
                settings.integer(KEY + "smote.neighbours", 1, 1_000), settings.number(KEY + "smote.quantile", 0, 1));
        return settings.flag(KEY + "smote.enabled") ? Optional.of(smote) : Optional.empty();
    }

    /** What the model depends on, for the manifest. */
    public Map<String, String> asText() {
        SortedMap<String, String> text = new TreeMap<>();
        text.put("reduced_min_products", Long.toString(minProducts));
        text.put("reduced_features", Integer.toString(features));
        smote.ifPresent(each -> {
            text.put("smote_neighbours", Integer.toString(each.neighbours()));
            text.put("smote_quantile", Double.toString(each.quantile()));
        });
        return text;
    }
}
