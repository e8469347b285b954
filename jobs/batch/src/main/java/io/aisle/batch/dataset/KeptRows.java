package io.aisle.batch.dataset;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Rows that are computed once and kept on the executors' disks until they are closed. */
public record KeptRows(Dataset<Row> rows) implements AutoCloseable {

    public static KeptRows onDisk(Dataset<Row> rows) {
        return new KeptRows(rows.persist(StorageLevel.DISK_ONLY()));
    }

    /**
     * Waits, since a session that stops meanwhile would print a stack trace. An executor that ends meanwhile takes its part of the
     * rows with it: Spark warns of it, and nothing is left to do.
     */
    @Override
    public void close() {
        try {
            rows.unpersist(true);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Spark's own exceptions are checked, and its methods do not declare them
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
