/** The kind linear: the sparse weights that score vectors, and what the margins of each level come to. */
package io.aisle.core.linear;
