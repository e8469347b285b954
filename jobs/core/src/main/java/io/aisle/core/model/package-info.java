/** The model bundle (everything needed to score) and the classifiers that read it. */
package io.aisle.core.model;
