package io.aisle.serving.model;

import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which words of a product carried a label: each is left out in turn, and its weight is by how much the label's probability falls. It
 * asks nothing of the model but answers, so that every kind is explained alike.
 *
 * @see <a href="https://arxiv.org/abs/1612.08220">Li, Monroe and Jurafsky, Understanding Neural Networks through Representation Erasure,
 *     2016, section 2</a>
 */
public final class Occlusion {
    /** Words past these are left unexplained: each costs an answer. */
    public static final int MAX_WORDS = 200;

    private final Product product;
    private final List<Word> words = new ArrayList<>();
    private final List<Product> without = new ArrayList<>();
    private boolean isShortened;

    private record Word(ProductField field, String text) {}

    /**
     * A word and what it is worth.
     *
     * @param weight by how much the probability falls without it
     */
    public record WordWeight(String field, String text, float weight) {}

    private Occlusion(Product product) {
        this.product = product;
    }

    /**
     * What has to be asked of a product.
     *
     * @param cleaned whose fields the model's recipe has cleaned
     */
    public static Occlusion of(ServedModel model, Product cleaned) {
        Occlusion occlusion = new Occlusion(cleaned);
        for (ProductField field : model.fields()) {
            occlusion.add(field);
        }
        return occlusion;
    }

    private void add(ProductField field) {
        String text = product.field(field);
        if (text.isEmpty()) {
            return;
        }
        List<String> all = List.of(text.split(" ", -1));
        for (int i = 0; i < all.size(); i++) {
            if (words.size() == MAX_WORDS) {
                isShortened = true;
                return;
            }
            List<String> others = new ArrayList<>(all);
            others.remove(i);
            words.add(new Word(field, all.get(i)));
            without.add(with(field, String.join(" ", others)));
        }
    }

    private Product with(ProductField field, String text) {
        return new Product(
                product.id(),
                field == ProductField.TITLE ? text : product.title(),
                field == ProductField.BRAND ? text : product.brand(),
                field == ProductField.DESCRIPTION ? text : product.description(),
                field == ProductField.FEATURE ? text : product.feature());
    }

    /** The product itself, and then without each of its words. */
    public List<Product> products() {
        List<Product> products = new ArrayList<>(List.of(product));
        products.addAll(without);
        return products;
    }

    /**
     * The weight of each word.
     *
     * @param probabilities of {@link #products}, float[labels] each
     * @param label whose probability is looked at
     */
    public List<WordWeight> weights(List<float[]> probabilities, int label) {
        float whole = probabilities.get(0)[label];
        List<WordWeight> weights = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            weights.add(new WordWeight(
                    word.field().key(), word.text(), whole - probabilities.get(i + 1)[label]));
        }
        return weights;
    }

    /** Whether words were left out of it, since there are too many. */
    public boolean isShortened() {
        return isShortened;
    }
}
