package io.aisle.batch.profile;

import io.aisle.batch.dataset.ProductWords;
import io.aisle.batch.dataset.SeenInTraining;
import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What is counted of a product's text.
 *
 * @param filled the fields that are not empty, in the recipe's order
 * @param characters the length of all fields together
 * @param words of all fields, as {@link ProductWords} cuts them
 * @param unknownWords those that no train row of the bundle had; nothing where the bundle does not know
 */
public record ProductMeasures(List<String> filled, int characters, int words, OptionalInt unknownWords) {
    public ProductMeasures {
        filled = List.copyOf(filled);
    }

    /** Counts them. */
    public static ProductMeasures of(Product product, Optional<SeenInTraining> seen) {
        List<String> filled = Stream.of(ProductField.values())
                .filter(field -> !product.field(field).isEmpty())
                .map(ProductField::key)
                .toList();
        int characters = 0;
        for (ProductField field : ProductField.values()) {
            characters += product.field(field).length();
        }
        List<String> words = ProductWords.of(product);
        return new ProductMeasures(
                filled,
                characters,
                words.size(),
                seen.map(known -> OptionalInt.of(known.unknown(words))).orElse(OptionalInt.empty()));
    }
}
