/**
 * Reading raw product records: every record becomes a product or a quarantined row, none is dropped, none is null. What belongs here
 * is the shape of catalogs; what happens to products afterwards does not.
 */
package io.aisle.batch.catalog;
