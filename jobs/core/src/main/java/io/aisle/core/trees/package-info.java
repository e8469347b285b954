/** Decision trees of sparse vectors, whatever fitted them, and the files that hold them. */
package io.aisle.core.trees;
