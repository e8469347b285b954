/**
 * How a job's numbers become a page: one HTML file that needs no other, and the same numbers as JSON. The scripts beside it, one a report,
 * turn the JSON into tables and charts, so that page and JSON cannot differ. No Spark here but for where files go.
 */
package io.aisle.batch.report;
