package io.aisle.batch.dataset;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Rows that are computed once and kept on the executors' disks until they are closed. */
public record KeptRows(Dataset<Row> rows) implements AutoCloseable {

    public static KeptRows onDisk(Dataset<Row> rows) {
        return new KeptRows(rows.persist(StorageLevel.DISK_ONLY()));
    }

    @Override
    public void close() {
        rows.unpersist(true);
    }
}
