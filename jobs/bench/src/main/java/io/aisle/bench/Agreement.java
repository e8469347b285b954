package io.aisle.bench;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Two runs over the same rows, beside each other.
 *
 * @param rows that both have
 * @param missing that only one has
 * @param differing rows with another category
 * @param differingWhereSure those of them in which the first run's best two are more than {@link #SURE} apart
 * @param greatestDifference of the confidence, over the rows with one category
 */
record Agreement(long rows, long missing, long differing, long differingWhereSure, double greatestDifference) {
    /** Engines of one precision agree on the category wherever the best two are further apart. */
    static final double SURE = 2e-4;

    /** Compares the predictions of two runs. */
    static Agreement of(SparkSession session, Path first, Path second) {
        Dataset<Row> firsts = predictions(session, first)
                .select(
                        col("id"),
                        col("category").as("first_category"),
                        col("confidence").as("first_confidence"),
                        element_at(col("top"), 1)
                                .getField("confidence")
                                .minus(coalesce(element_at(col("top"), 2).getField("confidence"), lit(0)))
                                .as("apart"));
        Dataset<Row> seconds = predictions(session, second)
                .select(
                        col("id"),
                        col("category").as("second_category"),
                        col("confidence").as("second_confidence"));
        Column isInBoth =
                col("first_category").isNotNull().and(col("second_category").isNotNull());
        Column differs = isInBoth.and(col("first_category").notEqual(col("second_category")));
        Row found = firsts.join(seconds, new String[] {"id"}, "full_outer")
                .agg(
                        count(when(isInBoth, 1)),
                        count(when(isInBoth, 1).otherwise(null)).multiply(-1).plus(count(lit(1))),
                        coalesce(sum(when(differs, 1).otherwise(0)), lit(0)).cast("long"),
                        coalesce(sum(when(differs.and(col("apart").gt(SURE)), 1).otherwise(0)), lit(0))
                                .cast("long"),
                        coalesce(
                                        max(when(
                                                col("first_category").equalTo(col("second_category")),
                                                abs(col("first_confidence").minus(col("second_confidence"))))),
                                        lit(0))
                                .cast("double"))
                .first();
        return new Agreement(
                found.getLong(0), found.getLong(1), found.getLong(2), found.getLong(3), found.getDouble(4));
    }

    private static Dataset<Row> predictions(SparkSession session, Path directory) {
        return session.read().parquet(directory.toString());
    }

    /** Whether both runs have the same rows, and the same category where the first is sure. */
    boolean isMet() {
        return missing == 0 && differingWhereSure == 0;
    }

    /** One sentence. */
    String inWords() {
        return String.format(
                Locale.ROOT,
                "%,d rows%s: %,d have another category, %,d of them where the best two are more than %s apart;"
                        + " else confidences differ by %.1e at most.",
                rows,
                missing == 0 ? "" : " and " + missing + " that only one has",
                differing,
                differingWhereSure,
                SURE,
                greatestDifference);
    }
}
