/**
 * The {@code spark-nlp} engine: a bundle's network run by Spark NLP's DistilBertForSequenceClassification, on exactly
 * the token ids that the recipe gives. Nothing here cleans, tokenizes or decides.
 */
package io.aisle.batch.sparknlp;
