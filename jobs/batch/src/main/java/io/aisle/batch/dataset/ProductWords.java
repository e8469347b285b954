package io.aisle.batch.dataset;

import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.core.text.BasicTokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a product's text: as BERT cuts it, in lower case and without accents. A mark alone, such as a comma, is no word.
 */
public final class ProductWords {
    private ProductWords() {}

    /** The words of all fields, in order, repeated ones too. */
    public static List<String> of(Product product) {
        List<String> words = new ArrayList<>();
        for (ProductField field : ProductField.values()) {
            for (String word : BasicTokenizer.words(product.field(field))) {
                if (isWord(word)) {
                    words.add(word);
                }
            }
        }
        return words;
    }

    /** Whether it is more than a mark. */
    public static boolean isWord(String word) {
        return word.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** A brand in the form in which brands are compared; empty for one without words. */
    public static String brand(String brand) {
        return String.join(" ", BasicTokenizer.words(brand));
    }

    /** Whether a word is of digits only. */
    static boolean isNumber(String word) {
        return word.codePoints().allMatch(Character::isDigit);
    }
}
