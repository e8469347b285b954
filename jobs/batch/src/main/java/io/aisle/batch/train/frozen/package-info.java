/** The kind distilbert-frozen: an encoder as it is, its features cached, and a linear head that Spark MLlib fits to them. */
package io.aisle.batch.train.frozen;
