/** GPUs: asked for by Spark's own settings, found by its discovery, refused at once where they are missing. */
package io.aisle.batch.gpu;
