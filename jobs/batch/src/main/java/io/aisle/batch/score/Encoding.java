package io.aisle.batch.score;

import io.aisle.batch.gpu.GpuProbe;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Adds the column features (array of float, 2 dim long: the state of [CLS], then the mean of all) to rows that have a cleaned product's
 * columns and its content_hash. An encoder reads each distinct text once, on the executors, as the engine onnx scores.
 */
public final class Encoding {
    public static final String FEATURES = "features";

    private final SentEncoder encoder;

    private Encoding(SentEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * Sends the encoder to the executors.
     *
     * @param weights the encoder's, as {@link io.aisle.core.onnx.DistilBertGraph#features} takes them
     * @param maxTokens word pieces a text is cut to
     * @throws io.aisle.core.UserException if weights and sizes do not fit, or if GPUs are asked for and missing
     */
    public static Encoding open(
            SparkSession spark,
            DistilBertConfig config,
            Map<String, Tensor> weights,
            TextRecipe recipe,
            Vocabulary vocabulary,
            int maxTokens) {
        SentEncoder encoder = SentEncoder.send(spark, config, weights, recipe, vocabulary, maxTokens);
        GpuProbe.requireForOnnx(spark.sparkContext(), ignored -> encoder.encoder());
        return new Encoding(encoder);
    }

    /**
     * Encodes products. One shuffle, by content hash.
     *
     * @param rows how many there are, to spread them over tasks
     */
    public Dataset<Row> withFeatures(Dataset<Row> products, long rows) {
        return withFeatures(Scoring.byText(products, rows));
    }

    /** The features of a row that {@link #withFeatures(Dataset, long)} gave. */
    public static float[] features(Row row) {
        return Scoring.probabilities(row, FEATURES);
    }

    /** Encodes rows in their partitions and their order; of neighbours with one content hash, the first is read. */
    Dataset<Row> withFeatures(Dataset<Row> products) {
        StructType encoded = products.schema().add(FEATURES, DataTypes.createArrayType(DataTypes.FloatType, false));
        SentEncoder sent = encoder;
        MapPartitionsFunction<Row, Row> encode =
                partition -> new ScoredRows(partition, sent.encoder()::features, Scoring.WINDOW, encoded);
        return products.mapPartitions(encode, Encoders.row(encoded));
    }
}
