package io.aisle.core.model;

import io.aisle.core.product.Product;

/**
 * A made-up product and what the network answered when the bundle was written.
 *
 * @param product cleaned
 * @param logits float[labels], log-probabilities
 */
public record Probe(Product product, float[] logits) {}
