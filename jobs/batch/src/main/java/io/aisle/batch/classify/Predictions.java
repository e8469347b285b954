package io.aisle.batch.classify;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.profile.ProductMeasures;
import io.aisle.batch.profile.SentWords;
import io.aisle.batch.score.Scoring;
import io.aisle.core.model.BackOff;
import io.aisle.core.model.Decision;
import io.aisle.core.model.Prediction;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The published predictions: one row a product. Columns are only ever added; {@link #SCHEMA_VERSION} counts the additions.
 *
 * @param labels in the order of the probabilities
 * @param words those that the bundle was trained on
 */
record Predictions(
        List<CategoryPath> labels,
        double acceptThreshold,
        int top,
        BackOff backOff,
        String modelVersion,
        String runId,
        SentWords words)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    static final int SCHEMA_VERSION = 2;

    private static final DataType PATH = DataTypes.createArrayType(DataTypes.StringType, false);
    private static final DataType CANDIDATES = DataTypes.createArrayType(
            new StructType()
                    .add("category", DataTypes.StringType, false)
                    .add("category_path", PATH, false)
                    .add("confidence", DataTypes.FloatType, false),
            false);

    /**
     * category is the deepest name of category_path; scored_run_id is the run whose network answered; the measures of the text are those of
     * {@link ProductMeasures}.
     */
    static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("category", DataTypes.StringType, false)
            .add("category_path", PATH, false)
            .add("confidence", DataTypes.FloatType, false)
            .add("top", CANDIDATES, false)
            .add("decision", DataTypes.StringType, false)
            .add("reason", DataTypes.StringType, false)
            .add("model_version", DataTypes.StringType, false)
            .add("content_hash", DataTypes.StringType, false)
            .add("run_id", DataTypes.StringType, false)
            .add("scored_run_id", DataTypes.StringType, false)
            .add("carried", DataTypes.BooleanType, false)
            // null in runs of schema version 1
            .add("filled", DataTypes.createArrayType(DataTypes.StringType, false), true)
            .add("characters", DataTypes.IntegerType, true)
            .add("words", DataTypes.IntegerType, true)
            // null too where the bundle does not know which words it saw
            .add("unknown_words", DataTypes.IntegerType, true);

    private static final List<String> MEASURES = List.of("filled", "characters", "words", "unknown_words");

    Predictions {
        labels = new ArrayList<>(labels);
    }

    private static final StructType MEASURED = measured();

    private static StructType measured() {
        StructType schema = new StructType();
        for (String name : MEASURES) {
            schema = schema.add(SCHEMA.apply(name));
        }
        return schema;
    }

    /** The product's text too, which a person who reviews a prediction needs beside it. */
    private static final StructType SCHEMA_WITH_TEXT = withText();

    private static StructType withText() {
        StructType schema = SCHEMA;
        for (String name : ProductRows.TEXT_COLUMNS) {
            schema = schema.add(name, DataTypes.StringType, true);
        }
        return schema;
    }

    /** The predictions that a run wrote. */
    static Dataset<Row> read(SparkSession spark, String uri) {
        return spark.read().schema(SCHEMA).parquet(uri);
    }

    static Column isForReview(Column decision) {
        return decision.equalTo(Decision.REVIEW.key());
    }

    /** Predictions with text, from products with their content_hash and probabilities. */
    Dataset<Row> ofScored(Dataset<Row> scored) {
        MapFunction<Row, Row> predict = this::row;
        return scored.map(predict, Encoders.row(SCHEMA_WITH_TEXT));
    }

    /**
     * Predictions with text, from products that have a column {@code previous} with an earlier run's prediction. What that run did not
     * measure is measured now: {@link #isUnmeasured}.
     */
    Dataset<Row> ofCarried(Dataset<Row> carried) {
        List<Column> columns = new ArrayList<>();
        for (String name : SCHEMA.fieldNames()) {
            columns.add(
                    switch (name) {
                        case "run_id" -> lit(runId).as(name);
                        case "carried" -> lit(true).as(name);
                        default ->
                            col(MEASURES.contains(name) ? "measures" : "previous")
                                    .getField(name)
                                    .as(name);
                    });
        }
        ProductRows.TEXT_COLUMNS.forEach(name -> columns.add(col(name)));
        Column before = col("previous");
        Column measured = struct(
                MEASURES.stream().map(name -> before.getField(name).as(name)).toArray(Column[]::new));
        Column[] text = ProductRows.TEXT_COLUMNS.stream().map(functions::col).toArray(Column[]::new);
        UDF4<String, String, String, String, Row> measure = (title, brand, description, feature) ->
                measures(new Product("carried", title, brand, description, feature));
        return carried.withColumn(
                        "measures",
                        when(isUnmeasured(before), udf(measure, MEASURED).apply(text))
                                .otherwise(measured))
                .select(columns.toArray(Column[]::new));
    }

    /** Whether a prediction, as a struct, is of a run that did not measure its text. */
    static Column isUnmeasured(Column prediction) {
        return prediction.getField("words").isNull();
    }

    private Row measures(Product product) {
        ProductMeasures measures = words.measures(product);
        return RowFactory.create(
                measures.filled().toArray(String[]::new),
                measures.characters(),
                measures.words(),
                unknownWords(measures));
    }

    private static Integer unknownWords(ProductMeasures measures) {
        return measures.unknownWords().isPresent() ? measures.unknownWords().getAsInt() : null;
    }

    /** The published columns of predictions with text. */
    static Dataset<Row> withoutText(Dataset<Row> predictions) {
        return predictions.select(
                Stream.of(SCHEMA.fieldNames()).map(functions::col).toArray(Column[]::new));
    }

    private Row row(Row scored) {
        Prediction prediction = Prediction.of(labels, Scoring.probabilities(scored), acceptThreshold, top, backOff);
        ProductMeasures measures = words.measures(ProductRows.product(scored));
        Row[] candidates = prediction.top().stream()
                .map(candidate -> RowFactory.create(
                        candidate.category().leaf(), path(candidate.category()), candidate.confidence()))
                .toArray(Row[]::new);
        return RowFactory.create(
                scored.getAs("id"),
                prediction.category().leaf(),
                path(prediction.category()),
                prediction.confidence(),
                candidates,
                prediction.decision().key(),
                prediction.reason(),
                modelVersion,
                scored.getAs("content_hash"),
                runId,
                runId,
                false,
                measures.filled().toArray(String[]::new),
                measures.characters(),
                measures.words(),
                unknownWords(measures),
                scored.getAs("title"),
                scored.getAs("brand"),
                scored.getAs("description"),
                scored.getAs("feature"));
    }

    private static String[] path(CategoryPath category) {
        return category.names().toArray(String[]::new);
    }
}
