/** Job compare: several kinds of model, trained on the same rows and judged by the same rows. */
package io.aisle.batch.train.compare;
