/** The n-grams of a product's fields and the sparse TF-IDF vectors that they make: what every kind without a network reads. */
package io.aisle.core.ngram;
