package io.aisle.bench;

import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.core.text.BasicTokenizer;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.VocabularyLearner;
import io.aisle.core.text.WordPieceTokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/**
 * Made-up products that are as long as those of a real catalog, with words as frequent as there ({@link Lexicon}) and as much that
 * cleaning has to take away. The same for the same seed. The fields are those of MWPD 2020: the brand is an address.
 */
final class ProductTexts {
    /** As {@code train} learns it. */
    private static final int VOCABULARY_SIZE = 8_000;

    private static final int VOCABULARY_PRODUCTS = 10_000;

    /** [CLS], three separators and the last [SEP]. */
    private static final int TOKENS_BESIDE_PIECES = 5;

    /** Of the pieces of a text, by the medians of its fields; the description has the rest. */
    private static final double TITLE = 0.10;

    private static final double BRAND = 0.24;
    private static final double FEATURE = 0.07;

    /** Of the products, as {@code faults} in explore's report on MWPD 2020 has it. */
    private static final double LOST_CHARACTERS = 0.233;

    private static final double MARKUP = 0.015;
    private static final double ENTITIES = 0.009;

    private static final double PUNCTUATION = 0.12;
    private static final double CAPITALS = 0.2;

    private final Quantiles tokens;
    private final ToIntFunction<String> pieces;

    private ProductTexts(Quantiles tokens, ToIntFunction<String> pieces) {
        this.tokens = tokens;
        this.pieces = pieces;
    }

    /**
     * Products whose texts have so many tokens in word pieces of a vocabulary.
     *
     * @param tokens of the whole text, uncut; too few for four fields with a word or two each count as those
     */
    static ProductTexts of(Quantiles tokens, Vocabulary vocabulary) {
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
        return new ProductTexts(tokens, text -> tokenizer.encode(text).length - 2);
    }

    /** What {@code train} would learn from other products of such lengths. */
    static Vocabulary vocabulary(Quantiles tokens, long seed) {
        return vocabulary(tokens, seed, VOCABULARY_PRODUCTS, VOCABULARY_SIZE);
    }

    /**
     * What the learner makes of so many products.
     *
     * @param size the most pieces
     */
    static Vocabulary vocabulary(Quantiles tokens, long seed, int products, int size) {
        ProductTexts inWords =
                new ProductTexts(tokens, text -> BasicTokenizer.words(text).size());
        Map<String, Long> counts = new HashMap<>();
        for (Product product : inWords.products(seed, products)) {
            Product cleaned = TextRecipe.standard().clean(product);
            for (ProductField field : ProductField.values()) {
                BasicTokenizer.words(cleaned.field(field)).forEach(word -> counts.merge(word, 1L, Long::sum));
            }
        }
        return VocabularyLearner.learn(counts, size);
    }

    /** So many products, as they come: not cleaned. */
    List<Product> products(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Product> products = new ArrayList<>();
        for (int length : tokens.draw(count, seed)) {
            products.add(product(seed + "-" + products.size(), length - TOKENS_BESIDE_PIECES, random.split()));
        }
        return products;
    }

    private Product product(String id, int length, SplittableRandom random) {
        Field title = new Field().words(length * TITLE, 1, random);
        Field brand = new Field().address(length * BRAND, random);
        Field feature = new Field().words(length * FEATURE, CAPITALS, random);
        double left = (double) length - title.pieces - brand.pieces - feature.pieces;
        Field description = new Field().words(left, CAPITALS, random);
        return new Product(id, title.text(), brand.text(), dirtied(description.text(), random), feature.text());
    }

    /** Puts in between words what cleaning makes a space of. */
    private static String dirtied(String text, SplittableRandom random) {
        String dirty = text;
        if (random.nextDouble() < LOST_CHARACTERS) {
            dirty = dirty.replace(" " + text.charAt(0), "\uFFFD" + text.charAt(0));
        }
        if (random.nextDouble() < MARKUP) {
            dirty = "<p>" + dirty.replace(". ", ".</p>\n<p>") + "</p>";
        }
        if (random.nextDouble() < ENTITIES) {
            dirty = dirty.replace(", ", ",&nbsp;");
        }
        return dirty;
    }

    /** Text on its way to so many pieces. */
    private final class Field {
        private final StringBuilder text = new StringBuilder();
        private int pieces;

        /** Words up to that many pieces, at least one. */
        private Field words(double upTo, double capitals, SplittableRandom random) {
            do {
                String word = Lexicon.draw(random);
                boolean isCapital = random.nextDouble() < capitals;
                add(isCapital ? word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) : word);
                if (random.nextDouble() < PUNCTUATION && pieces < upTo) {
                    add(random.nextInt(3) == 0 ? "." : ",");
                }
                text.append(' ');
            } while (pieces < upTo);
            return this;
        }

        /** The address of a page whose path has words up to that many pieces. */
        private Field address(double upTo, SplittableRandom random) {
            add("http://www.");
            add(Lexicon.draw(random));
            add(".com/");
            while (pieces < upTo) {
                add(Lexicon.draw(random));
                add(random.nextInt(4) == 0 ? "/" : "-");
            }
            return this;
        }

        /** What is added begins or ends at a word's edge. */
        private void add(String part) {
            text.append(part);
            pieces += ProductTexts.this.pieces.applyAsInt(part);
        }

        private String text() {
            return text.toString().strip();
        }
    }
}
