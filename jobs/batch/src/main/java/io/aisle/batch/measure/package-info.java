/** How good answers are: labelled rows judged, and what a report says of them. Owned by no job. */
package io.aisle.batch.measure;
