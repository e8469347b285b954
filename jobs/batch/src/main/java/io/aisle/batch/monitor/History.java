package io.aisle.batch.monitor;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One row a monitored run, as Parquet that is read as one table: {@code <history>/run=<run id>/}. Monitoring a run again replaces its
 * directory and no other.
 */
final class History {
    private static final int RUNS = 90;
    /** A run's numbers; undefined ones are null. */
    static final StructType SCHEMA = new StructType()
            .add("run_id", DataTypes.StringType)
            .add("written_at", DataTypes.TimestampType)
            .add("baseline", DataTypes.StringType)
            .add("model_version", DataTypes.StringType)
            .add("level", DataTypes.StringType)
            .add("findings", DataTypes.LongType)
            .add("rows", DataTypes.LongType)
            .add("filled_title", DataTypes.DoubleType)
            .add("filled_brand", DataTypes.DoubleType)
            .add("filled_description", DataTypes.DoubleType)
            .add("filled_feature", DataTypes.DoubleType)
            .add("unknown_words", DataTypes.DoubleType)
            .add("mean_confidence", DataTypes.DoubleType)
            .add("review_share", DataTypes.DoubleType)
            .add("psi_categories", DataTypes.DoubleType)
            .add("psi_confidence", DataTypes.DoubleType)
            .add("psi_text_length", DataTypes.DoubleType);

    private final SparkSession spark;
    private final Directory directory;

    History(SparkSession spark, Directory directory) {
        this.spark = spark;
        this.directory = directory;
    }

    String uri() {
        return directory.uri();
    }

    /** The rows of the last runs before, oldest first; that of a run of this id is left out, since it will be replaced. */
    List<Map<String, Object>> others(String runId) {
        if (directory.directories().isEmpty()) {
            return List.of();
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        Dataset<Row> table = spark.read()
                .schema(SCHEMA)
                .parquet(directory.uri())
                .select(Stream.of(SCHEMA.fieldNames()).map(functions::col).toArray(Column[]::new))
                .filter(col("run_id").notEqual(runId))
                .orderBy(col("written_at").desc(), col("run_id").desc())
                .limit(RUNS - 1);
        try {
            for (Row row : table.collectAsList()) {
                rows.add(0, numbers(row));
            }
        } catch (Exception e) {
            // Spark throws checked exceptions from methods that do not declare them
            throw new UserException(
                    "Cannot read the history " + directory.uri() + ": found a file that cannot be read (" + root(e)
                            + "), expected one row a run as Parquet. Remove the directory of that run, and monitor it again.",
                    e);
        }
        return rows;
    }

    private static String root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    private static Map<String, Object> numbers(Row row) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        for (String name : SCHEMA.fieldNames()) {
            Object value = row.getAs(name);
            numbers.put(name, value instanceof Timestamp time ? time.toInstant().toString() : value);
        }
        return numbers;
    }

    /** Those rows and the one of this run, in the order of their times. */
    static List<Map<String, Object>> with(List<Map<String, Object>> others, Row row) {
        List<Map<String, Object>> all = new ArrayList<>(others);
        all.add(numbers(row));
        all.sort(Comparator.comparing(each -> (String) each.get("written_at")));
        return all;
    }

    /** A row of {@link #SCHEMA}, by its values in order; NaN becomes null. */
    static Row row(Object... values) {
        Object[] defined = values.clone();
        for (int i = 0; i < defined.length; i++) {
            defined[i] = defined[i] instanceof Double number && !Double.isFinite(number) ? null : defined[i];
        }
        return new GenericRowWithSchema(defined, SCHEMA);
    }

    /** Puts the row in the place of the one that the run had. */
    void write(Row row) {
        Directory run = directory.directory("run=" + row.getAs("run_id"));
        run.requireWholeCommit();
        spark.createDataFrame(List.of(RowFactory.create(values(row))), SCHEMA)
                .coalesce(1)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(run.uri());
        run.requireCommitted();
    }

    private static Object[] values(Row row) {
        Object[] values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i);
        }
        return values;
    }
}
