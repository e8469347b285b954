/** Whole files of products: reading them record by record, and writing their answers. */
package io.aisle.serving.file;
