/** Linear classifiers of sparse rows, fitted on a CPU, a class at a time. */
package io.aisle.training.linear;
