/** Job evaluate: how good and how sure a bundle is on labelled products. */
package io.aisle.batch.evaluate;
