package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.aisle.core.UserException;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductTextsTest {
    private static final Quantiles TOKENS = Quantiles.ofMwpd();
    private static final Vocabulary VOCABULARY = ProductTexts.vocabulary(TOKENS, 1, 300, 2_000);

    private final ProductTexts texts = ProductTexts.of(TOKENS, VOCABULARY);

    @Test
    void hasTheLengthsOfItsQuantiles() {
        TextRecipe recipe = TextRecipe.standard();
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(VOCABULARY);
        int[] tokens = texts.products(2, 1_000).stream()
                .mapToInt(product ->
                        recipe.pieces(recipe.clean(product), tokenizer).tokens())
                .sorted()
                .toArray();

        for (int i = 1; i + 1 < TOKENS.shares().size(); i++) {
            double share = TOKENS.shares().get(i);
            assertThat(tokens[(int) (share * tokens.length)])
                    .as("share %s", share)
                    .isCloseTo(TOKENS.values().get(i), withinPercentage(8));
        }
    }

    @Test
    void givesTheSameProductsForTheSameSeedAndOthersForAnother() {
        List<Product> products = texts.products(2, 100);

        assertThat(ProductTexts.of(TOKENS, VOCABULARY).products(2, 100)).isEqualTo(products);
        assertThat(ProductTexts.vocabulary(TOKENS, 1, 300, 2_000)).isEqualTo(VOCABULARY);
        assertThat(texts.products(3, 100))
                .extracting(Product::title)
                .doesNotContainAnyElementsOf(
                        products.stream().map(Product::title).toList());
    }

    @Test
    void hasTheIdsOfHuggingFace() throws IOException {
        try (HuggingFacePeer peer = HuggingFacePeer.open(VOCABULARY)) {
            List<Product> products = texts.products(4, 200);

            assertThat(TextBench.requireIdenticalIds(products, VOCABULARY, peer))
                    .isEqualTo(200);
            List<String> fields = products.stream().map(Product::title).toList();
            List<long[]> inBatch = peer.batchIdsAlone(fields);
            for (int i = 0; i < fields.size(); i++) {
                assertThat(inBatch.get(i))
                        .containsExactly(peer.encode(fields.get(i)))
                        .containsExactly(
                                peer.batchEncode(List.of(fields.get(i))).get(0));
            }
        }
    }

    @Test
    void refusesToCompareTokenizersOfOtherIds() throws IOException {
        Vocabulary other = ProductTexts.vocabulary(TOKENS, 1, 300, 1_000);

        try (HuggingFacePeer peer = HuggingFacePeer.open(other)) {
            assertThatThrownBy(() -> TextBench.requireIdenticalIds(texts.products(4, 1), VOCABULARY, peer))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("Cannot compare tokenizers")
                    .hasMessageContaining("those of Hugging Face");
        }
    }
}
