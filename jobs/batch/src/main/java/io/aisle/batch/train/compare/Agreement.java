package io.aisle.batch.train.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.aisle.core.metric.McNemarTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many rows each set of models had right: enough to compare any two of them.
 *
 * @param rowsBySet a set is a number whose bit i says whether model i is in it
 */
record Agreement(Map<Long, Long> rowsBySet) {
    /** A set has to fit in a number. */
    static final int MAX_MODELS = 63;

    /**
     * Counts. One shuffle by id.
     *
     * @param answers rows of (id, is_right), one dataset a model
     */
    static Agreement of(List<Dataset<Row>> answers) {
        Dataset<Row> all = null;
        for (int model = 0; model < answers.size(); model++) {
            Dataset<Row> bits = answers.get(model)
                    .select(
                            col("id"),
                            when(col("is_right"), lit(1L << model))
                                    .otherwise(lit(0L))
                                    .as("bit"));
            all = all == null ? bits : all.unionByName(bits);
        }
        Map<Long, Long> rows = new HashMap<>();
        if (all != null) {
            for (Row row : all.groupBy("id")
                    .agg(sum("bit").as("right"))
                    .groupBy("right")
                    .count()
                    .collectAsList()) {
                rows.put(row.getLong(0), row.getLong(1));
            }
        }
        return new Agreement(rows);
    }

    /** Share of the rows that a model had right, by its place; NaN without rows. */
    double accuracy(int model) {
        long right = 0;
        long all = 0;
        for (Map.Entry<Long, Long> entry : rowsBySet.entrySet()) {
            right += ((entry.getKey() >> model) & 1) == 1 ? entry.getValue() : 0;
            all += entry.getValue();
        }
        return (double) right / all;
    }

    /** Two models by their places. */
    McNemarTest test(int first, int second) {
        long onlyFirst = 0;
        long onlySecond = 0;
        for (Map.Entry<Long, Long> entry : rowsBySet.entrySet()) {
            boolean isFirstRight = ((entry.getKey() >> first) & 1) == 1;
            boolean isSecondRight = ((entry.getKey() >> second) & 1) == 1;
            onlyFirst += isFirstRight && !isSecondRight ? entry.getValue() : 0;
            onlySecond += isSecondRight && !isFirstRight ? entry.getValue() : 0;
        }
        return new McNemarTest(onlyFirst, onlySecond);
    }
}
