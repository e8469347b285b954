/**
 * The job explore: what a catalog holds, before anybody trains on it. The rows are read once; what is learnt of them are counts,
 * histograms and sketches of bounded size that merge, so that a catalog of any size fits the driver.
 */
package io.aisle.batch.explore;
