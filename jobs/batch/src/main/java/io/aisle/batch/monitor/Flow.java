package io.aisle.batch.monitor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.aisle.batch.dataset.KeptRows;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which products are in another category than before, and why.
 *
 * @param causes of all products, also of those that stayed
 * @param moves the largest groups of products that moved alike; those of new and gone products after the others
 * @param movesLeftOut how many more groups there are
 * @param rowsLeftOut how many products these have
 */
record Flow(List<OfCause> causes, List<Move> moves, long movesLeftOut, long rowsLeftOut) {
    private static final int MOVES = 50;

    /**
     * How many products a cause has.
     *
     * @param cause product (its text changed), model (another scored it), both, neither (such as another threshold), new or gone
     * @param moved those whose category differs; of new and gone ones all
     */
    record OfCause(String cause, long rows, long moved) {}

    /**
     * Products that moved alike.
     *
     * @param from category's path; empty for new products
     * @param to likewise; empty for those that are gone
     */
    record Move(List<String> from, List<String> to, String cause, long rows) {}

    /** One shuffle by id; the counts of (from, to, cause) are kept on disk meanwhile, since there may be many. */
    static Flow of(Dataset<Row> now, Dataset<Row> before) {
        Dataset<Row> joined =
                sided(now, "to").join(sided(before, "from"), col("to_id").equalTo(col("from_id")), "full");
        Column isProduct = col("to_hash").notEqual(col("from_hash"));
        Column isModel = col("to_model").notEqual(col("from_model"));
        Column cause = when(col("from_id").isNull(), "new")
                .when(col("to_id").isNull(), "gone")
                .when(isProduct.and(isModel), "both")
                .when(isProduct, "product")
                .when(isModel, "model")
                .otherwise("neither");
        Dataset<Row> counts = joined.withColumn("cause", cause)
                .groupBy("from", "to", "cause")
                .agg(count(lit(1)).as("rows"))
                .withColumn("is_move", col("from").eqNullSafe(col("to")).equalTo(false));
        try (KeptRows kept = KeptRows.onDisk(counts)) {
            return of(kept.rows());
        }
    }

    private static Dataset<Row> sided(Dataset<Row> predictions, String side) {
        return predictions.select(
                col("id").as(side + "_id"),
                col("category_path").as(side),
                col("content_hash").as(side + "_hash"),
                col("model_version").as(side + "_model"));
    }

    private static Flow of(Dataset<Row> counts) {
        List<OfCause> causes = new ArrayList<>();
        long groups = 0;
        long movedRows = 0;
        Column ofMoved = when(col("is_move"), col("rows")).otherwise(0L);
        for (Row row : counts.groupBy("cause")
                .agg(sum("rows"), sum(ofMoved), sum(when(col("is_move"), 1L).otherwise(0L)))
                .orderBy("cause")
                .collectAsList()) {
            causes.add(new OfCause(row.getString(0), row.getLong(1), row.getLong(2)));
            movedRows += row.getLong(2);
            groups += row.getLong(3);
        }
        List<Move> moves = new ArrayList<>();
        for (Row row : counts.filter(col("is_move"))
                // new and gone products are no riddle, and would crowd out the others
                .orderBy(col("cause").isin("new", "gone"), col("rows").desc(), col("cause"), col("from"), col("to"))
                .limit(MOVES)
                .collectAsList()) {
            Move move = new Move(path(row, "from"), path(row, "to"), row.getAs("cause"), row.<Long>getAs("rows"));
            moves.add(move);
            movedRows -= move.rows();
        }
        return new Flow(causes, moves, groups - moves.size(), movedRows);
    }

    private static List<String> path(Row row, String side) {
        return row.isNullAt(row.fieldIndex(side)) ? List.of() : List.copyOf(row.getList(row.fieldIndex(side)));
    }
}
