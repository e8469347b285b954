package io.aisle.batch.score;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.gpu.GpuProbe;
import io.aisle.batch.sparknlp.SparkNlpPipeline;
import io.aisle.batch.sparknlp.SparkNlpScores;
import io.aisle.batch.sparknlp.TokenWords;
import io.aisle.core.UserException;
import io.aisle.core.model.BundledNetwork;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Adds the column probabilities (array of float, in the order of the bundle's labels, together 1) to rows that have a cleaned product's
 * columns and its content_hash. The network reads each distinct text once.
 */
public final class Scoring {
    public static final String PROBABILITIES = SparkNlpScores.PROBABILITIES;

    /** Rows that are sorted by length together. */
    static final int WINDOW = 1_000;

    /** At most, so that a task that fails loses little. */
    private static final int ROWS_PER_TASK = 10_000;

    /** As long as each has a whole window: then a core that is done early helps those that are not. */
    private static final int TASKS_PER_CORE = 4;

    private final UnaryOperator<Dataset<Row>> engine;

    private Scoring(UnaryOperator<Dataset<Row>> engine) {
        this.engine = engine;
    }

    /**
     * Makes the engine ready, so that a bundle it cannot run, or a GPU that is not there, is refused before a row is read.
     *
     * @throws UserException if GPUs are asked for and missing, or if Spark NLP cannot run the bundle
     */
    public static Scoring open(SparkSession spark, ModelBundle bundle, Engine engine) {
        return open(spark, bundle, engine, SentClassifier.send(spark, bundle));
    }

    /** The same with a classifier that was sent. */
    static Scoring open(SparkSession spark, ModelBundle bundle, Engine engine, SentClassifier sent) {
        GpuProbe.requireForOnnx(spark.sparkContext(), ignored -> sent.classifier());
        return new Scoring(
                switch (engine) {
                    case ONNX -> products -> scoredByOnnx(products, sent);
                    case SPARK_NLP -> {
                        BundledNetwork network = bundle.network("score by Spark NLP", "Give no --engine, or onnx.");
                        PipelineModel pipeline = pipeline(spark, network, sent);
                        yield products -> scoredBySparkNlp(products, pipeline, network);
                    }
                });
    }

    /** Spark NLP's pipeline for a network that was sent. */
    static PipelineModel pipeline(SparkSession spark, BundledNetwork network, SentClassifier sent) {
        return SparkNlpPipeline.build(
                spark,
                sent.files().name(BundledNetwork.MODEL_FILE),
                network.vocabulary().pieces(),
                network.model().labels().size(),
                network.model().maxTokens());
    }

    /**
     * Scores products. One shuffle, by content hash.
     *
     * @param rows how many there are, to spread them over tasks
     */
    public Dataset<Row> withProbabilities(Dataset<Row> products, long rows) {
        return withProbabilities(byText(products, rows));
    }

    /** Rows of one text next to each other, in as many partitions as tasks serve well. One shuffle. */
    public static Dataset<Row> byText(Dataset<Row> products, long rows) {
        int cores = products.sparkSession().sparkContext().defaultParallelism();
        return products.repartition(tasks(rows, cores), col("content_hash")).sortWithinPartitions("content_hash");
    }

    /** Tasks of about the same length: as many for each core, so that none waits for the last round of the others. */
    static int tasks(long rows, int cores) {
        long rounds = Math.max(
                Math.floorDiv(rows - 1, (long) cores * ROWS_PER_TASK) + 1,
                Math.min(TASKS_PER_CORE, rows / ((long) cores * WINDOW)));
        return Math.toIntExact(cores * Math.max(1, rounds));
    }

    /** How many texts the network read for rows that {@link #withProbabilities(Dataset, long)} gave, still in their partitions and order. */
    public static long distinctTexts(Dataset<Row> scored) {
        MapPartitionsFunction<Row, Long> count = partition -> {
            RepeatedTexts texts = new RepeatedTexts();
            long read = 0;
            while (partition.hasNext()) {
                read += texts.isRepeated(partition.next()) ? 0 : 1;
            }
            return List.of(read).iterator();
        };
        return scored.select("content_hash").mapPartitions(count, Encoders.LONG()).collectAsList().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Scores rows in their partitions and their order; of neighbours with one content hash, the first is read. */
    public Dataset<Row> withProbabilities(Dataset<Row> products) {
        return engine.apply(products);
    }

    /** The probabilities of a row that {@link #withProbabilities} gave. */
    public static float[] probabilities(Row row) {
        return probabilities(row, PROBABILITIES);
    }

    /** The probabilities of a row in a column of another name. */
    public static float[] probabilities(Row row, String column) {
        int field = row.fieldIndex(column);
        if (row.get(field) instanceof float[] given) {
            // a typed function that follows another gets its rows as they are
            return given;
        }
        List<Float> boxed = row.getList(field);
        float[] probabilities = new float[boxed.size()];
        for (int label = 0; label < probabilities.length; label++) {
            probabilities[label] = boxed.get(label);
        }
        return probabilities;
    }

    private static Dataset<Row> scoredByOnnx(Dataset<Row> products, SentClassifier sent) {
        StructType scored = products.schema().add(PROBABILITIES, DataTypes.createArrayType(DataTypes.FloatType, false));
        MapPartitionsFunction<Row, Row> score =
                partition -> new ScoredRows(partition, sent.classifier()::probabilities, WINDOW, scored);
        return products.mapPartitions(score, Encoders.row(scored));
    }

    private static Dataset<Row> scoredBySparkNlp(
            Dataset<Row> products, PipelineModel pipeline, BundledNetwork network) {
        TextRecipe recipe = network.model().recipe();
        Vocabulary vocabulary = network.vocabulary();
        int maxTokens = network.model().maxTokens();
        StructType worded = products.schema().add(SparkNlpPipeline.TOKEN_WORDS, DataTypes.StringType);
        MapPartitionsFunction<Row, Row> words = partition -> {
            WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
            RepeatedTexts texts = new RepeatedTexts();
            return Iterators.map(partition, row -> {
                // Spark NLP gives a row without words to no network
                String tokenWords = texts.isRepeated(row)
                        ? ""
                        : TokenWords.of(recipe.fit(ProductRows.product(row), tokenizer, maxTokens)
                                .ids());
                return ProductRows.append(row, tokenWords, worded);
            });
        };
        Dataset<Row> scored = SparkNlpScores.withProbabilities(
                        pipeline,
                        products.mapPartitions(words, Encoders.row(worded)),
                        network.model().labels().size())
                .drop(SparkNlpPipeline.TOKEN_WORDS);
        StructType schema = scored.schema();
        MapPartitionsFunction<Row, Row> repeat = partition -> {
            RepeatedTexts texts = new RepeatedTexts();
            return Iterators.map(partition, row -> texts.withProbabilities(row, schema));
        };
        return scored.mapPartitions(repeat, Encoders.row(schema));
    }
}
