/**
 * What training and the jobs share: products, the text recipe, WordPiece, ONNX graphs, model bundles, metrics and settings.
 *
 * <p>Neither Spark nor Hadoop may be named here, so that whatever scores products can do it with this module alone.
 */
package io.aisle.core;
