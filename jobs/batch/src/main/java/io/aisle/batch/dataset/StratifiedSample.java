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
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * An exact stratified sample: of each class the ⌈fraction × rows⌉ rows with the smallest (hash(id, seed, "sample"), id). A function of
 * the rows alone: no retry, repartition or other cluster changes it, and a larger fraction keeps what a smaller one chose.
 *
 * <p>It is described by the last row of each class that is in it. No class has to fit one task to find that: rows are counted by (class,
 * bucket of the hash), which gives the bucket where a class's share ends, and only the rows of that bucket are shuffled and ranked.
 */
public final class StratifiedSample {
    /** 1,024 buckets a class: the top ten bits of the hash. */
    private static final int BUCKET_SHIFT = Long.SIZE - 10;

    private static final StructType LAST = new StructType()
            .add("last_label", DataTypes.StringType)
            .add("last_hash", DataTypes.LongType)
            .add("last_id", DataTypes.StringType);

    private final Column hash;
    /** The last row of each class; empty where all are taken. */
    private final Optional<Dataset<Row>> last;

    private StratifiedSample(Column hash, Optional<Dataset<Row>> last) {
        this.hash = hash;
        this.last = last;
    }

    /** How many rows of a class are kept: ⌈fraction × rows⌉, exactly. */
    public static long size(long rows, BigDecimal fraction) {
        return fraction.multiply(BigDecimal.valueOf(rows))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /**
     * Draws it, in two passes over the rows. One small row a class reaches the driver.
     *
     * @param rows with the columns id, of which none is there twice, and label; others are not read
     */
    public static StratifiedSample draw(Dataset<Row> rows, BigDecimal fraction, long seed) {
        Column hash = xxhash64(col("id"), lit(seed), lit("sample"));
        if (fraction.compareTo(BigDecimal.ONE) == 0) {
            return new StratifiedSample(hash, Optional.empty());
        }
        Dataset<Row> hashed = rows.select(col("id"), col("label"), hash.as("sample_hash"))
                .withColumn("sample_bucket", shiftright(col("sample_hash"), BUCKET_SHIFT));
        WindowSpec byHash = Window.partitionBy("label").orderBy(asc("sample_hash"), asc("id"));
        Dataset<Row> last = hashed.join(
                        broadcast(cuts(hashed, fraction)),
                        col("label")
                                .equalTo(col("cut_label"))
                                .and(col("sample_bucket").equalTo(col("cut_bucket"))))
                .withColumn("sample_rank", row_number().over(byHash))
                .filter(col("sample_rank").equalTo(col("cut_rows")))
                .select("label", "sample_hash", "id");
        return new StratifiedSample(hash, Optional.of(rows.sparkSession().createDataFrame(last.collectAsList(), LAST)));
    }

    /** Those of the rows that are in it: the rows that it was drawn from, with the columns id and label; others are kept. */
    public Dataset<Row> of(Dataset<Row> rows) {
        return last.map(ofClasses -> rows.withColumn("sample_hash", hash)
                        .join(broadcast(ofClasses), col("label").equalTo(col("last_label")))
                        .filter(col("sample_hash")
                                .lt(col("last_hash"))
                                .or(col("sample_hash")
                                        .equalTo(col("last_hash"))
                                        .and(col("id").leq(col("last_id")))))
                        .drop("sample_hash", "last_label", "last_hash", "last_id"))
                .orElse(rows);
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
