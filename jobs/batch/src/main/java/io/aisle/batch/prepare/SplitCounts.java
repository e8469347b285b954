package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.aisle.batch.dataset.Split;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many rows of each class the split sent where.
 *
 * <p>A class of a few rows may have sent none to train, and could not be learnt. Its validation rows then go there: nobody trusts what so few
 * say of a model. Test stays as the hashes have it, so that models of several preparations can be measured on it.
 */
record SplitCounts(Map<String, Map<String, Long>> rows, boolean isTrainWanted) {
    /**
     * Counts.
     *
     * @param isTrainWanted whether train has a share of the rows; else no class lends it any
     */
    static SplitCounts of(Dataset<Row> assigned, boolean isTrainWanted) {
        Map<String, Map<String, Long>> rows = new TreeMap<>();
        for (Row row : assigned.groupBy("label", "split").count().collectAsList()) {
            rows.computeIfAbsent(row.getString(0), label -> new TreeMap<>()).put(row.getString(1), row.getLong(2));
        }
        return new SplitCounts(rows, isTrainWanted);
    }

    /** The classes whose validation rows go to train. */
    List<String> withoutTrain() {
        return rows.entrySet().stream()
                .filter(label -> isWithoutTrain(label.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isWithoutTrain(Map<String, Long> bySplit) {
        return isTrainWanted && !bySplit.containsKey(Split.TRAIN.key()) && bySplit.containsKey(Split.VALIDATION.key());
    }

    /** The split of each row when that is done. */
    static Column lending(List<String> withoutTrain) {
        return when(
                        col("label")
                                .isin(withoutTrain.toArray())
                                .and(col("split").equalTo(lit(Split.VALIDATION.key()))),
                        Split.TRAIN.key())
                .otherwise(col("split"));
    }

    /** How many rows a part has when that is done. */
    long rows(Split split) {
        long sum = 0;
        for (Map<String, Long> bySplit : rows.values()) {
            long lent = isWithoutTrain(bySplit) ? bySplit.get(Split.VALIDATION.key()) : 0;
            sum += bySplit.getOrDefault(split.key(), 0L)
                    + (split == Split.TRAIN ? lent : split == Split.VALIDATION ? -lent : 0);
        }
        return sum;
    }
}
