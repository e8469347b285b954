/**
 * Measures Aisle's own code paths beside what people would use instead, for {@code scripts/bench}: a class a question. No job and no
 * service depends on anything here, and nothing of it is delivered.
 */
package io.aisle.bench;
