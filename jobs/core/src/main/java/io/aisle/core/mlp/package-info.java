/** The multilayer perceptron of sparse vectors, and the file that holds it. */
package io.aisle.core.mlp;
