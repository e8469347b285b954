/**
 * How good and how sure a classifier is, from truths, labels and probabilities.
 *
 * <p>What counts rows is mergeable and serializable, so that tasks may count and a driver may add; what is computed
 * from the counts is a record. Everything undefined is NaN. Nothing here reads a dataset or knows where its rows come
 * from.
 */
package io.aisle.core.metric;
