package io.aisle.batch.dataset;

import java.util.Locale;
import java.util.regex.Pattern;

/** Products of one group are copies of each other, as far as their titles tell: no two parts of a split may share one. */
public final class ProductGroup {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private ProductGroup() {}

    /** The group of a product: its title in lower case, words only; without words there, the hash of all its fields. */
    public static String of(String cleanedTitle, String contentHash) {
        String words = NO_WORD.matcher(cleanedTitle.toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
        return words.isEmpty() ? contentHash : words;
    }
}
