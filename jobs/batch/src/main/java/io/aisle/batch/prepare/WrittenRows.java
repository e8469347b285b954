package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.storage.Directory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the files of a prepared dataset hold, counted by reading them back.
 *
 * @param labels rows of each label in each part that has any
 * @param unlabelled rows without a label
 * @param fingerprint of the rows of all parts and of those without a label, whatever their order and files: the sum of their hashes, in
 *     which a row that is there twice counts twice
 * @param quarantine rows by reason
 */
record WrittenRows(
        Map<String, Map<Split, Long>> labels,
        long unlabelled,
        long fingerprint,
        Map<String, Long> quarantine,
        long duplicates) {
    private static final int HALF = 32;

    /** One small row a label and part reaches the driver. */
    static WrittenRows read(SparkSession spark, Directory output) {
        Map<String, Map<Split, Long>> labels = new HashMap<>();
        long fingerprint = 0;
        for (Split split : Split.values()) {
            for (Row row : byLabel(spark, output, split.key())) {
                labels.computeIfAbsent(row.getString(0), label -> new HashMap<>())
                        .put(split, row.getLong(1));
                fingerprint += hashes(row);
            }
        }
        long unlabelled = 0;
        for (Row row : byLabel(spark, output, PreparedData.UNLABELLED)) {
            unlabelled += row.getLong(1);
            fingerprint += hashes(row);
        }
        Map<String, Long> quarantine = new TreeMap<>();
        for (Row row : spark.read()
                .parquet(output.child("quarantine"))
                .groupBy("reason")
                .count()
                .collectAsList()) {
            quarantine.put(row.getString(0), row.getLong(1));
        }
        long duplicates = spark.read().parquet(output.child("duplicates")).count();
        return new WrittenRows(labels, unlabelled, fingerprint, quarantine, duplicates);
    }

    /** The sum of the hashes of a label's rows, from those of their halves: Spark may refuse a sum that needs more than 64 bits. */
    private static long hashes(Row row) {
        return (row.getLong(2) << HALF) + row.getLong(3);
    }

    /** Rows of (label, its rows, the sums of the upper and of the lower halves of their hashes). */
    private static List<Row> byLabel(SparkSession spark, Directory output, String part) {
        Column hash = xxhash64(col("id"), col("content_hash"), col("label"), lit(part));
        return spark.read()
                .schema(PreparedData.SCHEMA)
                .parquet(output.child(part))
                .groupBy("label")
                .agg(count(lit(1)), sum(shiftrightunsigned(hash, HALF)), sum(hash.bitwiseAND(lit(0xFFFF_FFFFL))))
                .collectAsList();
    }

    /** Rows of a part. */
    long rows(Split split) {
        return labels.keySet().stream().mapToLong(label -> rows(label, split)).sum();
    }

    /** Rows of a label in a part. */
    long rows(String label, Split split) {
        return labels.getOrDefault(label, Map.of()).getOrDefault(split, 0L);
    }
}
