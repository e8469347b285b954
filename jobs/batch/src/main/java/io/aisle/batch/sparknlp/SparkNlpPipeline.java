package io.aisle.batch.sparknlp;

import static org.apache.spark.sql.functions.col;

import com.johnsnowlabs.ml.onnx.OnnxWrapper;
import com.johnsnowlabs.nlp.DocumentAssembler;
import com.johnsnowlabs.nlp.annotators.RegexTokenizer;
import com.johnsnowlabs.nlp.annotators.classifier.dl.DistilBertForSequenceClassification;
import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Predef;
import scala.collection.JavaConverters;

/**
 * Builds and saves the Spark NLP pipeline that scores {@link TokenWords}: DocumentAssembler, RegexTokenizer,
 * DistilBertForSequenceClassification on ONNX Runtime.
 *
 * <p>The classifier's vocabulary holds the bundle's pieces and, for each of them, its token word with the same id. Its
 * labels are the labels' indices as text, since Spark NLP keys its scores by label and adds keys of its own.
 */
public final class SparkNlpPipeline {
    /** The input column: {@link TokenWords}, string. */
    public static final String TOKEN_WORDS = "token_words";

    static final String DOCUMENT = "spark_nlp_document";
    static final String TOKEN = "spark_nlp_token";
    static final String CATEGORY = "spark_nlp_category";

    /** Spark NLP takes this id for padding, whatever the vocabulary says. */
    static final int PADDING_ID = 0;

    /** Read once in the life of a driver, when its first network is opened; Spark NLP's own default is 6. */
    static final String THREADS_KEY = "spark.jsl.settings.onnx.intraOpNumThreads";

    /** Spark NLP refuses more. */
    private static final int MAX_TOKENS = 512;

    private static final List<String> SPECIAL_PIECES = List.of("[CLS]", "[SEP]", "[UNK]");

    /** Rows of one call of the annotator; Spark NLP 5.5.3 runs the network on each row alone all the same. */
    private static final int BATCH_SIZE = 8;

    private SparkNlpPipeline() {}

    /**
     * Builds the pipeline from a bundle's parts. No Spark job runs.
     *
     * @param sentNetwork what {@code SentFile} calls an ONNX file with the inputs and the output of {@code DistilBertGraph}
     * @param pieces the vocabulary, a piece's index being its id; [PAD] is piece 0, [CLS], [SEP] and [UNK] stand
     *     anywhere
     * @param labels how many outputs the network has
     * @param maxTokens most ids of a text, [CLS] and [SEP] included; what is longer is cut, 3 to 512
     * @throws UserException for a vocabulary or a limit that Spark NLP cannot run
     */
    public static PipelineModel build(
            SparkSession session, String sentNetwork, List<String> pieces, int labels, int maxTokens) {
        checkMaxTokens(maxTokens);
        useTaskThreads(session);
        DistilBertForSequenceClassification classifier = new DistilBertForSequenceClassification();
        classifier.setInputCols(new String[] {DOCUMENT, TOKEN});
        classifier.setOutputCol(CATEGORY);
        classifier.setVocabulary(scalaMap(vocabulary(pieces)));
        classifier.setLabels(scalaMap(labelIndices(labels)));
        classifier.setMaxSentenceLength(maxTokens);
        classifier.setBatchSize(BATCH_SIZE);
        classifier.setCaseSensitive(true);
        classifier.set(classifier.engine(), "onnx");
        OnnxWrapper network = new OnnxWrapper(Option.apply(sentNetwork), Option.empty());
        classifier.setModelIfNotSet(session, Option.empty(), Option.apply(network), Option.empty());
        return new Pipeline()
                .setStages(new PipelineStage[] {documentAssembler(), tokenizer(), classifier})
                .fit(session.createDataFrame(List.of(), new StructType().add(TOKEN_WORDS, DataTypes.StringType)));
    }

    /**
     * Writes the pipeline in Spark's own format.
     *
     * @param directory must not exist; the driver and a local master's tasks share its disk
     * @throws UserException if the directory exists, or for a path with spaces
     */
    public static void save(PipelineModel pipeline, Path directory) {
        if (Files.exists(directory)) {
            throw new UserException("Cannot save the pipeline to " + directory
                    + ": found something there, expected a directory that does not exist yet. Name another.");
        }
        save(pipeline, "file:" + directory.toAbsolutePath());
        removeChecksums(directory);
    }

    /** The same, to a directory that the driver and all executors reach. */
    public static void save(PipelineModel pipeline, Directory directory) {
        save(pipeline, directory.uri());
    }

    private static void save(PipelineModel pipeline, String uri) {
        try {
            pipeline.write().save(checkedUri(uri));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot save the pipeline to " + uri, e);
        }
    }

    /** Hadoop's own checksum files do not survive a copy by Hadoop; the bundle has hashes of its own. */
    private static void removeChecksums(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".crc")).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot save the pipeline to " + directory, e);
        }
    }

    /**
     * The token ids that the classifier of a pipeline reads for each row, without those of [CLS] and [SEP] around them; -1 for a word that
     * it does not know. One small Spark job.
     *
     * @param rows with the string columns {@code id} and {@value #TOKEN_WORDS}
     * @return by the rows' ids
     */
    public static Map<String, int[]> tokenIds(PipelineModel pipeline, Dataset<Row> rows) {
        Map<String, Object> vocabulary = new HashMap<>();
        Dataset<Row> tokens = rows;
        for (Transformer stage : pipeline.stages()) {
            if (stage instanceof DistilBertForSequenceClassification classifier) {
                vocabulary.putAll(
                        JavaConverters.mapAsJavaMap(classifier.vocabulary().getOrDefault()));
            } else {
                tokens = stage.transform(tokens);
            }
        }
        Map<String, int[]> ids = new HashMap<>();
        for (Row row : tokens.select(col("id"), col(TOKEN + ".result")).collectAsList()) {
            ids.put(
                    row.getString(0),
                    row.<String>getList(1).stream()
                            .mapToInt(word -> (Integer) vocabulary.getOrDefault(word, -1))
                            .toArray());
        }
        return ids;
    }

    private static DocumentAssembler documentAssembler() {
        DocumentAssembler assembler = new DocumentAssembler();
        assembler.setInputCol(TOKEN_WORDS);
        assembler.setOutputCol(DOCUMENT);
        assembler.setCleanupMode("disabled");
        return assembler;
    }

    private static RegexTokenizer tokenizer() {
        RegexTokenizer tokenizer = new RegexTokenizer();
        tokenizer.setInputCols(new String[] {DOCUMENT});
        tokenizer.setOutputCol(TOKEN);
        tokenizer.setPattern("\\s+");
        tokenizer.setToLowercase(false);
        return tokenizer;
    }

    /** Pieces and token words to ids. */
    private static Map<String, Object> vocabulary(List<String> pieces) {
        checkPieces(pieces);
        Map<String, Object> ids = new HashMap<>();
        for (int id = 0; id < pieces.size(); id++) {
            ids.put(pieces.get(id), id);
            ids.put(TokenWords.word(id), id);
        }
        return ids;
    }

    private static void checkPieces(List<String> pieces) {
        if (pieces.isEmpty() || !pieces.get(PADDING_ID).equals("[PAD]")) {
            throw new UserException("Cannot build the Spark NLP pipeline: found "
                    + (pieces.isEmpty() ? "no piece" : pieces.get(PADDING_ID))
                    + " at line 1 of the vocabulary, expected [PAD], since Spark NLP masks id 0. Use the engine onnx.");
        }
        Set<String> distinct = new HashSet<>(pieces);
        for (String piece : SPECIAL_PIECES) {
            if (!distinct.contains(piece)) {
                throw new UserException("Cannot build the Spark NLP pipeline: found no piece " + piece
                        + " in the vocabulary, expected one, since Spark NLP asks for it. Use the engine onnx.");
            }
        }
        for (int id = 0; id < pieces.size(); id++) {
            String word = TokenWords.word(id);
            if (distinct.contains(word)) {
                throw new UserException("Cannot build the Spark NLP pipeline: found " + word
                        + " in the vocabulary, expected that word to be free for id " + id + ". Use the engine onnx.");
            }
        }
    }

    private static void checkMaxTokens(int maxTokens) {
        if (maxTokens < 3 || maxTokens > MAX_TOKENS) {
            throw new UserException(
                    "Cannot build the Spark NLP pipeline: found " + maxTokens + " tokens at most, expected 3 to "
                            + MAX_TOKENS + ". Use the engine onnx, or train with fewer tokens.");
        }
    }

    private static Map<String, Object> labelIndices(int labels) {
        Map<String, Object> indices = new HashMap<>();
        for (int label = 0; label < labels; label++) {
            indices.put(Integer.toString(label), label);
        }
        return indices;
    }

    /** One task runs one network call at a time, on as many threads as a task has cores. */
    private static void useTaskThreads(SparkSession session) {
        if (!session.conf().contains(THREADS_KEY)) {
            session.conf().set(THREADS_KEY, session.conf().get("spark.task.cpus", "1"));
        }
    }

    /** Whether a pipeline can be saved to a directory of that URI, as far as the URI tells. */
    public static boolean takes(String uri) {
        try {
            return !new URI(uri).toString().isEmpty();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Spark NLP makes a URI of a path without escaping it, and Spark takes escapes for names. */
    private static String checkedUri(String uri) {
        try {
            return new URI(uri).toString();
        } catch (URISyntaxException e) {
            throw new UserException(
                    "Cannot use the directory " + uri + " for a pipeline: found '" + uri.charAt(e.getIndex())
                            + "' in its path, expected what a URI allows. Name a directory without spaces.",
                    e);
        }
    }

    private static <V> scala.collection.immutable.Map<String, V> scalaMap(Map<String, V> map) {
        return JavaConverters.mapAsScalaMap(map).toMap(Predef.$conforms());
    }
}
