package io.aisle.batch.generate;

import io.aisle.core.product.CategoryPath;
import java.util.List;

/**
 * A class of products: what it is called and what is said of it.
 *
 * @param share expected share of the products, all leaves together 1
 * @param variant the one word that sets a derived class apart from the class it derives from; empty for a hand-written one
 * @param names full names, each of this leaf (and its variants) alone
 * @param nouns bare nouns, which leaves of other pairs may share
 * @param traits features that no other leaf has, but for its variants
 * @param uses what the product is for
 * @param adjectives what both leaves of the pair are called
 * @param shared features of both leaves of the pair
 * @param brands who sells in this leaf's department, the most frequent first
 * @param partnerNouns bare nouns of the other leaf of the pair; empty where the taxonomy ends before it
 * @param orderFactor how much more often than on average the order of words decides, so that the leaves of a pair have equally
 *     many such products and guessing the larger one does not help
 */
record Leaf(
        CategoryPath path,
        double share,
        String variant,
        List<String> names,
        List<String> nouns,
        List<String> traits,
        List<String> uses,
        List<String> adjectives,
        List<String> shared,
        List<String> brands,
        List<String> partnerNouns,
        double orderFactor) {}
