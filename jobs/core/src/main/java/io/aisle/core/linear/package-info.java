/** The kind linear: n-grams of each field, their TF-IDF, and the sparse weights that score them. */
package io.aisle.core.linear;
