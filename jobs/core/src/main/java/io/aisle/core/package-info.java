/**
 * What training, batch and serving share: products, the text recipe, WordPiece, ONNX graphs, model bundles, metrics and settings.
 *
 * <p>Neither Spark nor Hadoop may be named here: the HTTP service runs on this module alone.
 */
package io.aisle.core;
