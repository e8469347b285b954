/** Job classify: the nightly job. A whole catalog to predictions, published all at once. */
package io.aisle.batch.classify;
