/** n-grams where the rows lie: counted, and their index sent to executors. Owned by no job. */
package io.aisle.batch.ngram;
