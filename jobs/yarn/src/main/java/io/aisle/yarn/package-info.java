/** A YARN cluster in one process. */
package io.aisle.yarn;
