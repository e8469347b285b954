package io.aisle.bench;

import io.aisle.core.product.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Products in the words of {@link io.aisle.batch.BaseSizeBundle}: numbers in base 36, of one word piece each. */
final class NumberTexts {
    private static final int FIRST_WORD = 36;
    private static final int WORDS = 30_000;

    /** [CLS] and the last [SEP]. */
    private static final int TOKENS_BESIDE_PIECES = 2;

    private NumberTexts() {}

    /** So many products, whose texts are as long as the distribution has it once they are cut. */
    static List<Product> products(Quantiles tokens, int maxTokens, int count, long seed) {
        Random random = new Random(seed);
        List<Product> products = new ArrayList<>();
        for (int length : tokens.draw(count, seed)) {
            StringBuilder title = new StringBuilder();
            for (int words = Math.min(length, maxTokens) - TOKENS_BESIDE_PIECES; words > 0; words--) {
                title.append(title.isEmpty() ? "" : " ").append(word(random));
            }
            products.add(new Product("p" + products.size(), title.toString(), "", "", ""));
        }
        return products;
    }

    /** Every third number is only known inside a word. */
    private static String word(Random random) {
        int third = random.nextInt(WORDS / 3);
        return Integer.toString(FIRST_WORD + 3 * third + 1 + random.nextInt(2), Character.MAX_RADIX);
    }
}
