package io.aisle.batch.prepare;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows of each class before folding.
 *
 * @param rows by rendered path, sorted
 * @param unlabelled rows without a label
 */
record LabelCounts(Map<String, Long> rows, long unlabelled) {

    /** One small row a class reaches the driver. */
    static LabelCounts of(Dataset<Row> products) {
        Map<String, Long> rows = new TreeMap<>();
        long unlabelled = 0;
        for (Row row : products.groupBy("label").count().collectAsList()) {
            if (row.isNullAt(0)) {
                unlabelled = row.getLong(1);
            } else {
                rows.put(row.getString(0), row.getLong(1));
            }
        }
        return new LabelCounts(rows, unlabelled);
    }
}
