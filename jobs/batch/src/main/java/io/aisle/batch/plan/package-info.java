/** Job plan: what a night would take and cost, computed from rates that were measured. Knows no Spark session. */
package io.aisle.batch.plan;
