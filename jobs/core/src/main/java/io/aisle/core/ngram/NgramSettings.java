package io.aisle.core.ngram;

import io.aisle.core.product.ProductField;
import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which n-grams of a field are features: of its words 1 to {@code maxWords} in a row, and of each word, with a space before and after it,
 * {@code minCharacters} to {@code maxCharacters} characters in a row.
 *
 * @param maxWords 0 for no word n-grams
 * @param minCharacters at least 1
 * @param maxCharacters 0 for no character n-grams, else at least {@code minCharacters}
 * @param removed words that are left out before anything is made of them
 * @param fieldWeights what the features of a field, by its key, are multiplied by; 1 for a field that is not named
 */
public record NgramSettings(
        int maxWords,
        int minCharacters,
        int maxCharacters,
        SortedSet<RemovedWords> removed,
        SortedMap<String, Double> fieldWeights)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public NgramSettings {
        if (maxWords < 0
                || minCharacters < 1
                || (maxCharacters != 0 && maxCharacters < minCharacters)
                || (maxWords == 0 && maxCharacters == 0)) {
            throw new IllegalArgumentException("Cannot make n-grams: found up to " + maxWords + " words and "
                    + minCharacters + " to " + maxCharacters + " characters, expected some of either");
        }
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        fieldWeights = Collections.unmodifiableSortedMap(new TreeMap<>(fieldWeights));
    }

    /** What the features of a field are multiplied by. */
    double weight(ProductField field) {
        return fieldWeights.getOrDefault(field.key(), 1.0);
    }
}
