package io.aisle.batch.classify;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.storage.RunDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a run wrote, read back from where it lies.
 *
 * @param rows by name: rows_in, scored, carried, quarantined, duplicates, review
 */
record WrittenRows(Map<String, Long> rows, Shares shares) {

    /**
     * Reads a run back and checks it: no row lost or doubled, one row an id.
     *
     * @param rowsIn records of the catalog
     * @throws IllegalStateException if that does not hold
     */
    static WrittenRows check(SparkSession spark, RunDirectory run, long rowsIn) {
        Dataset<Row> predictions = Predictions.read(spark, run.child("predictions"));
        Shares shares = Shares.of(predictions);
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("rows_in", rowsIn);
        rows.put("scored", shares.rows() - shares.carried());
        rows.put("carried", shares.carried());
        rows.put("quarantined", spark.read().parquet(run.child("quarantine")).count());
        rows.put("duplicates", spark.read().parquet(run.child("duplicates")).count());
        requireBalance(rows);
        requireOneRowAnId(predictions);
        rows.put("review", shares.review());
        return new WrittenRows(rows, shares);
    }

    static void requireBalance(Map<String, Long> rows) {
        long out = rows.get("scored") + rows.get("carried") + rows.get("quarantined") + rows.get("duplicates");
        if (out != rows.get("rows_in")) {
            throw new IllegalStateException("Cannot publish: found " + out + " rows written, expected "
                    + rows.get("rows_in") + " (rows_in = scored + carried + quarantined + duplicates); " + rows);
        }
    }

    private static void requireOneRowAnId(Dataset<Row> predictions) {
        List<Row> repeated = predictions
                .groupBy("id")
                .count()
                .filter(col("count").gt(1))
                .limit(1)
                .collectAsList();
        if (!repeated.isEmpty()) {
            throw new IllegalStateException("Cannot publish: found "
                    + repeated.get(0).getLong(1) + " predictions for the id "
                    + repeated.get(0).getString(0) + ", expected one");
        }
    }
}
