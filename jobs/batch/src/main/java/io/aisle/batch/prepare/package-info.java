/** Job prepare: raw records to a folded, sampled, split dataset, the same rows on any cluster. */
package io.aisle.batch.prepare;
