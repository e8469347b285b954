/** Small named objects (pointers, manifests) with conditional writes, wherever they lie. Not for bulk data. */
package io.aisle.core.storage;
