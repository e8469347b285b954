/** Encoders as Hugging Face publishes them: a directory of sizes, weights and vocabulary. */
package io.aisle.training.encoder;
