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
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What the files of a prepared dataset hold, counted by reading them back.
 *
 * @param labels rows of each label by the key of each part that has any
 * @param unlabelled rows without a label
 * @param fingerprint of the rows of all parts and of those without a label, whatever their order and files: the sum of their hashes, in
 *     which a row that is there twice counts twice
 * @param quarantine rows by reason
 */
record WrittenRows(
        Map<String, Map<String, Long>> labels,
        long unlabelled,
        long fingerprint,
        Map<String, Long> quarantine,
        long duplicates) {
    private static final int HALF = 32;
    private static final StructType REASON = new StructType().add("reason", DataTypes.StringType);

    /** One small row a label and part reaches the driver. */
    static WrittenRows read(SparkSession spark, Directory output) {
        Dataset<Row> parts = part(spark, output, PreparedData.UNLABELLED);
        for (Split split : Split.values()) {
            parts = parts.unionByName(part(spark, output, split.key()));
        }
        Column hash = xxhash64(col("id"), col("content_hash"), col("label"), col("part"));
        Map<String, Map<String, Long>> labels = new HashMap<>();
        long unlabelled = 0;
        long fingerprint = 0;
        // the sum of the hashes from those of their halves: Spark may refuse a sum that needs more than 64 bits
        for (Row row : parts.groupBy("part", "label")
                .agg(
                        count(lit(1)).as("rows"),
                        sum(shiftrightunsigned(hash, HALF)).as("upper"),
                        sum(hash.bitwiseAND(lit(0xFFFF_FFFFL))).as("lower"))
                .collectAsList()) {
            long rows = row.getAs("rows");
            fingerprint += (row.<Long>getAs("upper") << HALF) + row.<Long>getAs("lower");
            String part = row.getAs("part");
            if (part.equals(PreparedData.UNLABELLED)) {
                unlabelled += rows;
            } else {
                labels.computeIfAbsent(row.getAs("label"), label -> new HashMap<>())
                        .put(part, rows);
            }
        }
        Map<String, Long> quarantine = new TreeMap<>();
        for (Row row : spark.read()
                .schema(REASON)
                .parquet(output.child("quarantine"))
                .groupBy("reason")
                .count()
                .collectAsList()) {
            quarantine.put(row.getString(0), row.getLong(1));
        }
        long duplicates = spark.read()
                .schema(PreparedData.SCHEMA)
                .parquet(output.child("duplicates"))
                .count();
        return new WrittenRows(labels, unlabelled, fingerprint, quarantine, duplicates);
    }

    private static Dataset<Row> part(SparkSession spark, Directory output, String part) {
        return spark.read()
                .schema(PreparedData.SCHEMA)
                .parquet(output.child(part))
                .select("id", "content_hash", "label")
                .withColumn("part", lit(part));
    }

    /** Rows of a part. */
    long rows(Split split) {
        return labels.keySet().stream().mapToLong(label -> rows(label, split)).sum();
    }

    /** Rows of a label in a part. */
    long rows(String label, Split split) {
        return labels.getOrDefault(label, Map.of()).getOrDefault(split.key(), 0L);
    }
}
