package io.aisle.batch.score;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.sparknlp.SparkNlpPipeline;
import io.aisle.batch.sparknlp.TokenWords;
import io.aisle.core.model.BundledNetwork;
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

/** A bundle's probe products through either engine, the network having been sent to executors once. */
public final class ProbeScores {
    private final SparkSession spark;
    private final ModelBundle bundle;
    private final SentClassifier sent;

    private ProbeScores(SparkSession spark, ModelBundle bundle, SentClassifier sent) {
        this.spark = spark;
        this.bundle = bundle;
        this.sent = sent;
    }

    /** Sends the network; it is not opened yet. */
    public static ProbeScores open(SparkSession spark, ModelBundle bundle) {
        return new ProbeScores(spark, bundle, SentClassifier.send(spark, bundle));
    }

    /**
     * Scores the probes by either engine, as jobs do. A few small Spark jobs.
     *
     * @throws io.aisle.core.UserException if Spark NLP cannot run the bundle
     */
    public EngineParity parity() {
        List<String> otherTokens = otherTokens();
        Map<String, float[]> onnx = scores(Engine.ONNX);
        Map<String, float[]> sparkNlp = scores(Engine.SPARK_NLP);
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

    private List<String> otherTokens() {
        BundledNetwork network =
                bundle.network("compare the engines", "Give a bundle of kind distilbert, distilbert-frozen or bag.");
        PipelineModel pipeline = Scoring.pipeline(spark, network, sent);
        Map<String, int[]> expected = tokenIds(network);
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

    /** Their probabilities, by their ids. One small shuffle. */
    public Map<String, float[]> scores(Engine engine) {
        StructType schema = new StructType().add("id", "string");
        for (String column : ProductRows.TEXT_COLUMNS) {
            schema = schema.add(column, "string");
        }
        List<Row> rows = speaking().stream()
                .map(product -> ProductRows.row(product, product.id()))
                .toList();
        Dataset<Row> products = spark.createDataFrame(rows, schema.add("content_hash", "string"));
        Map<String, float[]> scores = new TreeMap<>();
        for (Row row : Scoring.open(spark, bundle, engine, sent)
                .withProbabilities(products, rows.size())
                .collectAsList()) {
            scores.put(row.getAs("id"), Scoring.probabilities(row));
        }
        return scores;
    }

    /** Of the probes that say something, by their ids. */
    private Map<String, int[]> tokenIds(BundledNetwork network) {
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(network.vocabulary());
        Map<String, int[]> ids = new TreeMap<>();
        for (Product product : speaking()) {
            ids.put(
                    product.id(),
                    bundle.recipe()
                            .fit(product, tokenizer, network.model().maxTokens())
                            .ids());
        }
        return ids;
    }

    /** Of the probes, those that say something; jobs set the others aside before they score. */
    private List<Product> speaking() {
        return bundle.manifest().probes().stream()
                .map(Probe::product)
                .filter(product -> bundle.recipe().hasText(product))
                .toList();
    }
}
