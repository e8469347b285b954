package io.aisle.batch.catalog;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** What prepare wrote: cleaned already, with rendered labels. */
record PreparedSource(SparkSession spark, CatalogSettings settings) implements CatalogSource {
    /** The columns by which it is known. */
    static final List<String> COLUMNS =
            List.of("id", "title", "brand", "description", "feature", "label", "content_hash");

    @Override
    public Dataset<Row> rows() {
        try {
            Dataset<Row> rows = spark.read().parquet(settings.input());
            List<Column> columns = new ArrayList<>();
            for (StructField field : Catalog.SCHEMA.fields()) {
                columns.add(
                        switch (field.name()) {
                            case "updated_at", "detail" -> lit("").as(field.name());
                            case "present" -> lit(0L).as(field.name());
                            default ->
                                COLUMNS.contains(field.name())
                                        ? col(field.name())
                                        : lit(null).cast(field.dataType()).as(field.name());
                        });
            }
            return rows.select(columns.toArray(Column[]::new));
        } catch (Exception e) {
            throw unreadable(e);
        }
    }

    /** Spark throws checked exceptions from methods that do not declare them. */
    private RuntimeException unreadable(Exception e) {
        String place = "Cannot read " + settings.input() + " as prepared: ";
        if (e instanceof AnalysisException) {
            return new UserException(place + e.getMessage(), e);
        }
        if (e instanceof SparkException) {
            return new UserException(place + "found no Parquet file, expected what prepare writes. Check --format.", e);
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }

    @Override
    public Collection<String> fieldNames() {
        return COLUMNS;
    }

    @Override
    public Map<String, Long> corruptFiles(Dataset<Row> read) {
        return Map.of();
    }
}
