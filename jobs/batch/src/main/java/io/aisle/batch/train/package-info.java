/** Job train: prepared data to a model bundle. */
package io.aisle.batch.train;
