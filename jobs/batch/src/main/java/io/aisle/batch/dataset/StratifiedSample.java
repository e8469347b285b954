package io.aisle.batch.dataset;

import static org.apache.spark.sql.functions.asc;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;

/**
 * An exact stratified sample: of each class the ⌈fraction × rows⌉ rows with the smallest (hash(id, seed, "sample"), id). A function of
 * the rows alone: no retry, repartition or other cluster changes it, and a larger fraction keeps what a smaller one chose.
 *
 * <p>No class has to fit one task: rows are counted by (class, bucket of the hash), which gives the bucket where a class's share ends;
 * the buckets before it are taken whole, and only its own rows are ranked. The rows are not shuffled but for those.
 */
public final class StratifiedSample {
    /** 1,024 buckets a class: the top ten bits of the hash. */
    private static final int BUCKET_SHIFT = Long.SIZE - 10;

    private StratifiedSample() {}

    /** How many rows of a class are kept: ⌈fraction × rows⌉, exactly. */
    public static long size(long rows, BigDecimal fraction) {
        return fraction.multiply(BigDecimal.valueOf(rows))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /** The sampled rows of a dataset with the columns id and label; other columns are kept. */
    public static Dataset<Row> of(Dataset<Row> rows, BigDecimal fraction, long seed) {
        if (fraction.compareTo(BigDecimal.ONE) == 0) {
            return rows;
        }
        Column hash = xxhash64(col("id"), lit(seed), lit("sample"));
        Dataset<Row> hashed = rows.withColumn("sample_hash", hash)
                .withColumn("sample_bucket", shiftright(col("sample_hash"), BUCKET_SHIFT));
        Dataset<Row> cut =
                hashed.join(broadcast(cuts(hashed, fraction)), col("label").equalTo(col("cut_label")));
        Dataset<Row> whole = cut.filter(col("sample_bucket").lt(col("cut_bucket")));
        WindowSpec byHash = Window.partitionBy("label").orderBy(asc("sample_hash"), asc("id"));
        Dataset<Row> boundary = cut.filter(col("sample_bucket").equalTo(col("cut_bucket")))
                .withColumn("sample_rank", row_number().over(byHash))
                .filter(col("sample_rank").leq(col("cut_rows")))
                .drop("sample_rank");
        return whole.unionByName(boundary).drop("sample_hash", "sample_bucket", "cut_label", "cut_bucket", "cut_rows");
    }

    /** One row a class: the bucket where its share ends, and how many rows of that bucket are in it. */
    private static Dataset<Row> cuts(Dataset<Row> hashed, BigDecimal fraction) {
        WindowSpec ofClass = Window.partitionBy("cut_label");
        WindowSpec before = ofClass.orderBy("cut_bucket").rowsBetween(Window.unboundedPreceding(), -1);
        Column size = sum("bucket_rows").over(ofClass);
        // decimals, since 0.07 x 100 is 7 and not 7.000000000000001
        Column target = ceil(lit(fraction).multiply(size.cast(DataTypes.createDecimalType(19, 0))))
                .cast(DataTypes.LongType);
        Column earlier = coalesce(sum("bucket_rows").over(before), lit(0L));
        return hashed.groupBy(col("label").as("cut_label"), col("sample_bucket").as("cut_bucket"))
                .agg(count(lit(1)).as("bucket_rows"))
                .withColumn("cut_rows", target.minus(earlier))
                .filter(col("cut_rows").between(lit(1), col("bucket_rows")))
                .drop("bucket_rows");
    }
}
