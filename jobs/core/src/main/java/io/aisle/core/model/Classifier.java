package io.aisle.core.model;

import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.util.List;

/** Says how probable each of its labels is for a product. May be shared by threads; closed when none uses it. */
public interface Classifier extends AutoCloseable {
    /** What this classifier can answer, in the order of its scores. */
    List<CategoryPath> labels();

    /**
     * Scores products. About 1,000 at a time serve well: enough to sort by length, few enough to hold.
     *
     * @param cleanedProducts whose fields the recipe has cleaned
     * @return a float[labels] a product, in their order, whose softmax are the probabilities; equal products may share one array
     */
    List<float[]> logits(List<Product> cleanedProducts);

    /**
     * The probabilities of each label.
     *
     * @param cleanedProducts whose fields the recipe has cleaned
     * @return a float[labels] a product, in their order; each sums to 1
     */
    default List<float[]> probabilities(List<Product> cleanedProducts) {
        return logits(cleanedProducts).stream().map(Softmax::of).toList();
    }

    /** Frees what it holds. */
    @Override
    void close();
}
