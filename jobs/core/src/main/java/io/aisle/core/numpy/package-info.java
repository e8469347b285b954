/** Arrays in the files of NumPy. */
package io.aisle.core.numpy;
