package io.aisle.core.model;

import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.util.List;

/** Says how probable each of its labels is for a product. May be shared by threads; closed when none uses it. */
public interface Classifier extends AutoCloseable {
    /** What this classifier can answer, in the order of its probabilities. */
    List<CategoryPath> labels();

    /**
     * Scores products. About 1,000 at a time serve well: enough to sort by length, few enough to hold.
     *
     * @param cleanedProducts whose fields the recipe has cleaned
     * @return a float[labels] a product, in their order; each sums to 1
     */
    List<float[]> probabilities(List<Product> cleanedProducts);

    /** Frees the network. */
    @Override
    void close();
}
