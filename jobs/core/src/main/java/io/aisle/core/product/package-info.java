/** What a catalog holds: products, and the taxonomy nodes that they are put on. Plain values, no input or output. */
package io.aisle.core.product;
