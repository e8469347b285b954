package io.aisle.bench;

import io.aisle.core.product.Product;
import java.util.List;
import java.util.function.Function;

/**
 * A network of the same weights in some engine.
 *
 * @param name as it stands in the table
 * @param logits log-probabilities of products, one array a product in their order
 * @param product whose rate bounds it
 * @param tolerance by which its log-probabilities may differ from those of the first contender
 */
record Contender(String name, Function<List<Product>, List<float[]>> logits, MatrixProduct product, double tolerance) {}
