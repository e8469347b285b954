package io.aisle.batch.classify;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.aisle.core.model.Decision;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a run's predictions say as a whole.
 *
 * @param rows all of them
 * @param carried those taken over from an earlier run
 * @param review those for a person
 * @param confidences their sum
 * @param labels rows a category path
 */
record Shares(long rows, long carried, long review, double confidences, Map<List<String>, Long> labels) {

    /** Counts predictions in one pass; no more rows reach the driver than four a label. */
    static Shares of(Dataset<Row> predictions) {
        long rows = 0;
        long carried = 0;
        long review = 0;
        double confidences = 0;
        Map<List<String>, Long> labels = new HashMap<>();
        for (Row group : predictions
                .groupBy("category_path", "decision", "carried")
                .agg(count(lit(1)), sum(col("confidence")))
                .collectAsList()) {
            long of = group.getLong(3);
            rows += of;
            carried += group.getBoolean(2) ? of : 0;
            review += group.getString(1).equals(Decision.REVIEW.key()) ? of : 0;
            confidences += group.getDouble(4);
            labels.merge(List.copyOf(group.getList(0)), of, Long::sum);
        }
        return new Shares(rows, carried, review, confidences, Map.copyOf(labels));
    }

    /** Share of the rows that is for review; NaN without rows. */
    double reviewShare() {
        return (double) review / rows;
    }

    /** NaN without rows. */
    double meanConfidence() {
        return confidences / rows;
    }

    /**
     * How far the labels' shares are from those of other predictions: the total variation distance, half the sum of the absolute
     * differences, which is the share of rows that would have to move. From 0 to 1; NaN where one has no rows.
     */
    double labelShift(Shares before) {
        Set<List<String>> all = new HashSet<>(labels.keySet());
        all.addAll(before.labels.keySet());
        double distance = rows == 0 || before.rows == 0 ? Double.NaN : 0;
        for (List<String> label : all) {
            distance += Math.abs((double) labels.getOrDefault(label, 0L) / rows
                    - (double) before.labels.getOrDefault(label, 0L) / before.rows);
        }
        return distance / 2;
    }
}
