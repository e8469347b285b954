/** What predictions are like as a whole, so that those of two runs, or of a run and a bundle, can be compared. Owned by no job. */
package io.aisle.batch.profile;
