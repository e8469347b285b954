package io.aisle.batch.classify;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.ProductRows;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Today's products beside the predictions of an earlier run: which have to be scored and why, and which predictions are carried over.
 * One shuffle by id where there is an earlier run. The rows are kept on the executors' disks until {@link #close}.
 */
final class Comparison implements AutoCloseable {
    private static final String CAUSE = "cause";
    private static final String PREVIOUS = "previous";

    /** What becomes of a product, and why. */
    enum Cause {
        /** Scored: the earlier run does not have it. */
        NEW,
        /** Scored: its text changed. */
        CHANGED,
        /** Scored: model, engine or another part of the {@link ScoringFingerprint} changed. */
        RESCORED,
        /** Not scored: neither changed. */
        CARRIED;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Dataset<Row> products;
    private final Optional<KeptRows> kept;
    private final Map<Cause, Long> rows = new EnumMap<>(Cause.class);
    private final long removed;

    private Comparison(Dataset<Row> products, Optional<KeptRows> kept, long rowsBefore) {
        this.products = products;
        this.kept = kept;
        for (Cause cause : Cause.values()) {
            rows.put(cause, 0L);
        }
        for (Row count : this.products.groupBy(CAUSE).count().collectAsList()) {
            rows.put(Cause.valueOf(count.getString(0).toUpperCase(Locale.ROOT)), count.getLong(1));
        }
        this.removed = rowsBefore - rows.get(Cause.CHANGED) - rows.get(Cause.RESCORED) - rows.get(Cause.CARRIED);
    }

    /** @param products cleaned fields and content_hash, one row an id */
    static Comparison of(Dataset<Row> products, Optional<PreviousRun> previous, String scoringFingerprint) {
        if (previous.isEmpty()) {
            return new Comparison(
                    products.withColumn(CAUSE, lit(Cause.NEW.key()))
                            .withColumn(PREVIOUS, lit(null).cast(Predictions.SCHEMA)),
                    Optional.empty(),
                    0);
        }
        boolean isSameScoring = previous.get().scoringFingerprint().equals(scoringFingerprint);
        Dataset<Row> predictions = previous.get().predictions();
        Column[] columns = Stream.of(predictions.columns()).map(functions::col).toArray(Column[]::new);
        Dataset<Row> before =
                predictions.select(col("id").as("previous_id"), struct(columns).as(PREVIOUS));
        Dataset<Row> compared = products.join(before, col("id").equalTo(col("previous_id")), "left")
                .withColumn(
                        CAUSE,
                        when(col("previous_id").isNull(), Cause.NEW.key())
                                .when(
                                        col("content_hash")
                                                .notEqual(col(PREVIOUS).getField("content_hash")),
                                        Cause.CHANGED.key())
                                .otherwise(isSameScoring ? Cause.CARRIED.key() : Cause.RESCORED.key()))
                .drop("previous_id");
        KeptRows kept = KeptRows.onDisk(withTextWhereNeeded(compared));
        return new Comparison(
                kept.rows(), Optional.of(kept), previous.get().run().predictions());
    }

    /** Of a carried row only a person who reviews it needs the text, and who has yet to measure it: the rest is not kept twice. */
    private static Dataset<Row> withTextWhereNeeded(Dataset<Row> compared) {
        Column isNeeded = col(CAUSE)
                .notEqual(Cause.CARRIED.key())
                .or(Predictions.isForReview(col(PREVIOUS).getField("decision")))
                .or(Predictions.isUnmeasured(col(PREVIOUS)));
        Dataset<Row> rows = compared;
        for (String name : ProductRows.TEXT_COLUMNS) {
            rows = rows.withColumn(name, when(isNeeded, col(name)));
        }
        return rows.withColumn(PREVIOUS, when(col(CAUSE).equalTo(Cause.CARRIED.key()), col(PREVIOUS)));
    }

    /** The products to score. */
    Dataset<Row> toScore() {
        return products.filter(col(CAUSE).notEqual(Cause.CARRIED.key())).drop(CAUSE, PREVIOUS);
    }

    /** The carried products: their columns, null text where nobody reviews them, and the earlier prediction as a struct. */
    Dataset<Row> carried() {
        return products.filter(col(CAUSE).equalTo(Cause.CARRIED.key()));
    }

    long rows(Cause cause) {
        return rows.get(cause);
    }

    /** How many products have to be scored. */
    long rowsToScore() {
        return rows.get(Cause.NEW) + rows.get(Cause.CHANGED) + rows.get(Cause.RESCORED);
    }

    /** How many products of the earlier run are in today's catalog no more, or cannot be used. */
    long removed() {
        return removed;
    }

    @Override
    public void close() {
        kept.ifPresent(KeptRows::close);
    }
}
