/** The scripts and settings for clusters, checked without a cluster: as processes, against schemas, and against Spark's own keys. */
package io.aisle.batch.deploy;
