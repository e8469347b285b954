/** The Spark jobs. They do not import each other: they meet at datasets and bundles on disk. */
package io.aisle.batch;
