/**
 * The synthetic catalog: product records of any number, written by rule from a seed, with the faults of real catalogs at stated
 * rates. What a row says depends on the plan and on its index alone, so that partitions, retries and order never matter. No Spark
 * in here but in the job itself.
 */
package io.aisle.batch.generate;
