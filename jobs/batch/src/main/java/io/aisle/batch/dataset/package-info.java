/** The datasets at which the jobs meet on disk: their layout, schema and manifest. */
package io.aisle.batch.dataset;
