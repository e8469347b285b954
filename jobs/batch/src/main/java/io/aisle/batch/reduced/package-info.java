/**
 * The kinds that need few features: random-forest, xgboost, lightgbm and mlp, of the n-grams that say most about the label. Spark fits
 * them; what they come to is written as core reads it.
 */
package io.aisle.batch.reduced;
