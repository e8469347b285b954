/** How good and how sure a classifier is. Pure functions of truths, labels and probabilities. */
package io.aisle.core.metric;
