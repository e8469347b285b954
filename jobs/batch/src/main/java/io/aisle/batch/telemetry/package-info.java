/** What a run says while it works and what it uses: log lines, progress, and the meter. What it says of its results belongs to the jobs. */
package io.aisle.batch.telemetry;
