/** Fitting the kind linear: one class after another, on the executors. Owned by no job. */
package io.aisle.batch.linear;
