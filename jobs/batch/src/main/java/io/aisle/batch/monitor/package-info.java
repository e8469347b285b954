/** Job monitor: whether a run is like another, or like what its model was validated on. */
package io.aisle.batch.monitor;
