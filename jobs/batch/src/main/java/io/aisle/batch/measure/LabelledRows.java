package io.aisle.batch.measure;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.JobContext;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.UserException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The products of a catalog that a model can be judged by. */
public final class LabelledRows {
    private static final int UNKNOWN_NAMED = 10;

    private LabelledRows() {}

    /**
     * Where every record went, by name; {@code evaluated} are those whose label the model knows.
     *
     * @param input what the catalog was read from, for messages
     * @param maxUnknown share of labelled rows whose label the model may not know
     * @throws UserException where no row can be judged, or too few
     */
    public static Map<String, Long> count(
            JobContext context, Catalog catalog, Truths truths, String input, double maxUnknown) {
        long evaluated = 0;
        long unlabelled = 0;
        Map<String, Long> unknown = new TreeMap<>();
        for (Row row : catalog.products().groupBy("label").count().collectAsList()) {
            if (row.isNullAt(0)) {
                unlabelled = row.getLong(1);
            } else if (truths.isKnown(row.getString(0))) {
                evaluated += row.getLong(1);
            } else {
                unknown.put(row.getString(0), row.getLong(1));
            }
        }
        long unknownRows = unknown.values().stream().mapToLong(Long::longValue).sum();
        if (evaluated + unknownRows == 0) {
            throw new UserException("Cannot evaluate on " + input
                    + ": found no usable record with a label among " + catalog.rowsIn()
                    + ". Check --format, and name the truth with --label.");
        }
        double share = (double) unknownRows / (evaluated + unknownRows);
        String named = unknown.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(UNKNOWN_NAMED)
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining("; "));
        if (share > maxUnknown) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "Cannot evaluate on %s: found %d of %d labelled rows (%.2f%%) with a label that the model does not know,"
                            + " expected at most %.2f%%: %s. Check --label, or raise --max-unknown-labels.",
                    input,
                    unknownRows,
                    evaluated + unknownRows,
                    100 * share,
                    100 * maxUnknown,
                    named));
        }
        if (unknownRows > 0) {
            context.say("%,d rows have a label that the model does not know: %s", unknownRows, named);
        }
        Map<String, Long> rows = new TreeMap<>();
        rows.put("rows_in", catalog.rowsIn());
        rows.put("evaluated", evaluated);
        rows.put("unknown_label", unknownRows);
        rows.put("unlabelled", unlabelled);
        rows.put("quarantined", catalog.quarantined());
        rows.put("duplicates", catalog.rowsIn() - catalog.quarantined() - evaluated - unknownRows - unlabelled);
        return rows;
    }

    /** The rows that {@link #numbered} gave, whose label is that which the model can know. */
    public static Dataset<Row> asKnown(Dataset<Row> numbered, Truths truths) {
        List<String> paths = truths.paths();
        StructType schema = numbered.drop("label", "truth").schema().add("label", DataTypes.StringType);
        MapFunction<Row, Row> relabel = row -> ProductRows.append(
                ProductRows.row(ProductRows.product(row), row.<String>getAs("content_hash")),
                paths.get(truths.label(row.<Integer>getAs("truth"))),
                schema);
        return numbered.map(relabel, Encoders.row(schema));
    }

    /**
     * The products whose label has a number, with the column truth.
     *
     * @param numbers of rendered paths
     */
    public static Dataset<Row> numbered(Catalog catalog, Map<String, Integer> numbers) {
        StructType withTruth = catalog.products().schema().add("truth", DataTypes.IntegerType);
        MapFunction<Row, Row> number =
                row -> ProductRows.append(row, numbers.get(row.<String>getAs("label")), withTruth);
        return catalog.products()
                .map(number, Encoders.row(withTruth))
                .filter(col("truth").isNotNull());
    }
}
