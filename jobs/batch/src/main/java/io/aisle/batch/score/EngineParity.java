package io.aisle.batch.score;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.sparknlp.SparkNlpPipeline;
import io.aisle.batch.sparknlp.TokenWords;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Probe;
import io.aisle.core.product.Product;
import io.aisle.core.text.WordPieceTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A bundle's probe products through both engines.
 *
 * @param probes how many; those that say nothing go to no network
 * @param otherTokens ids of the probes of which Spark NLP reads other token ids
 * @param greatestDifference between the two probabilities of any probe and label
 * @param probe of the greatest difference
 */
public record EngineParity(int probes, List<String> otherTokens, float greatestDifference, String probe) {
    /** What the engines' probabilities may differ by. */
    public static final float TOLERANCE = 1e-4f;

    /**
     * Scores the probes by either engine, as jobs do. A few small Spark jobs.
     *
     * @throws io.aisle.core.UserException if Spark NLP cannot run the bundle
     */
    public static EngineParity of(SparkSession spark, ModelBundle bundle) {
        List<String> otherTokens = otherTokens(spark, bundle);
        Map<String, float[]> onnx = scores(spark, bundle, Engine.ONNX);
        Map<String, float[]> sparkNlp = scores(spark, bundle, Engine.SPARK_NLP);
        float greatest = 0;
        String probe = "";
        for (Map.Entry<String, float[]> entry : onnx.entrySet()) {
            float[] other = sparkNlp.get(entry.getKey());
            for (int label = 0; label < other.length; label++) {
                float difference = Math.abs(entry.getValue()[label] - other[label]);
                // written so that NaN is greater than anything
                if (!(difference <= greatest)) {
                    greatest = difference;
                    probe = entry.getKey();
                }
            }
        }
        return new EngineParity(onnx.size(), otherTokens, greatest, probe);
    }

    private static List<String> otherTokens(SparkSession spark, ModelBundle bundle) {
        PipelineModel pipeline = Scoring.pipeline(spark, bundle, SentNetwork.send(spark, bundle));
        Map<String, int[]> expected = tokenIds(bundle);
        List<Row> rows = new ArrayList<>();
        expected.forEach((id, ids) -> rows.add(RowFactory.create(id, TokenWords.of(ids))));
        Map<String, int[]> found = SparkNlpPipeline.tokenIds(
                pipeline,
                spark.createDataFrame(
                        rows, new StructType().add("id", "string").add(SparkNlpPipeline.TOKEN_WORDS, "string")));
        return expected.keySet().stream()
                .filter(id -> !Arrays.equals(inner(expected.get(id)), found.get(id)))
                .toList();
    }

    /** Without [CLS] and [SEP]. */
    private static int[] inner(int[] ids) {
        return Arrays.copyOfRange(ids, 1, ids.length - 1);
    }

    /** The probabilities of a bundle's probes, by their ids. One small shuffle. */
    public static Map<String, float[]> scores(SparkSession spark, ModelBundle bundle, Engine engine) {
        StructType schema = new StructType().add("id", "string");
        for (String column : ProductRows.TEXT_COLUMNS) {
            schema = schema.add(column, "string");
        }
        Map<String, int[]> speaking = tokenIds(bundle);
        List<Row> rows = bundle.manifest().probes().stream()
                .map(Probe::product)
                .filter(product -> speaking.containsKey(product.id()))
                .map(product -> ProductRows.row(product, product.id()))
                .toList();
        Dataset<Row> products = spark.createDataFrame(rows, schema.add("content_hash", "string"));
        Map<String, float[]> scores = new TreeMap<>();
        for (Row row : Scoring.open(spark, bundle, engine)
                .withProbabilities(products, rows.size())
                .collectAsList()) {
            scores.put(row.getAs("id"), Scoring.probabilities(row));
        }
        return scores;
    }

    /** Of the probes that say something, by their ids. */
    private static Map<String, int[]> tokenIds(ModelBundle bundle) {
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(bundle.vocabulary());
        Map<String, int[]> ids = new TreeMap<>();
        for (Probe probe : bundle.manifest().probes()) {
            Product product = probe.product();
            int[] found = bundle.recipe()
                    .fit(product, tokenizer, bundle.manifest().model().maxTokens())
                    .ids();
            if (inner(found).length > 0) {
                ids.put(product.id(), found);
            }
        }
        return ids;
    }

    /** Whether the engines agree. */
    public boolean isKept() {
        return otherTokens.isEmpty() && greatestDifference <= TOLERANCE;
    }
}
