/** Fitting the kind linear: n-grams counted, and one class after another fitted, on the executors. Owned by no job. */
package io.aisle.batch.linear;
