package io.aisle.batch.classify;

import io.aisle.batch.score.Scoring;
import io.aisle.core.model.Prediction;
import io.aisle.core.product.CategoryPath;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The published predictions: one row a product. Columns are only ever added; {@link #SCHEMA_VERSION} counts the additions.
 *
 * @param labels in the order of the probabilities
 */
record Predictions(List<CategoryPath> labels, double acceptThreshold, int top, String modelVersion, String runId)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    static final int SCHEMA_VERSION = 1;

    private static final DataType PATH = DataTypes.createArrayType(DataTypes.StringType, false);
    private static final DataType CANDIDATES = DataTypes.createArrayType(
            new StructType()
                    .add("category", DataTypes.StringType, false)
                    .add("category_path", PATH, false)
                    .add("confidence", DataTypes.FloatType, false),
            false);

    /** category is the deepest name of category_path; scored_run_id is the run whose network answered. */
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
            .add("carried", DataTypes.BooleanType, false);

    Predictions {
        labels = new ArrayList<>(labels);
    }

    /** Rows of {@link #SCHEMA} from rows with id, content_hash and probabilities. */
    Dataset<Row> of(Dataset<Row> scored) {
        MapFunction<Row, Row> predict = this::row;
        return scored.map(predict, Encoders.row(SCHEMA));
    }

    private Row row(Row scored) {
        List<Float> probabilities = scored.getList(scored.fieldIndex(Scoring.PROBABILITIES));
        float[] values = new float[probabilities.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = probabilities.get(i);
        }
        Prediction prediction = Prediction.of(labels, values, acceptThreshold, top);
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
                false);
    }

    private static String[] path(CategoryPath category) {
        return category.names().toArray(String[]::new);
    }
}
