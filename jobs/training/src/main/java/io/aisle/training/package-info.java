/** Fine-tuning of the encoder with DJL on PyTorch. Weights in, weights out; no Spark, no files but the natives' cache. */
package io.aisle.training;
