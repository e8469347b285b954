/** Network weights and the ONNX graphs that are built from them. Nothing here knows what a product is. */
package io.aisle.core.onnx;
