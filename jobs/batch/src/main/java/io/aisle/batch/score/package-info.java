/** Scoring rows with a model bundle, by either engine. The only place that says which engine gets what. */
package io.aisle.batch.score;
