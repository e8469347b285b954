package io.aisle.batch.sparknlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.johnsnowlabs.ml.ai.DistilBertClassification;
import com.johnsnowlabs.ml.onnx.OnnxSession;
import com.johnsnowlabs.nlp.annotators.classifier.dl.DistilBertForSequenceClassification;
import com.johnsnowlabs.nlp.annotators.common.IndexedToken;
import com.johnsnowlabs.nlp.annotators.common.TokenizedSentence;
import com.johnsnowlabs.nlp.annotators.common.WordpieceTokenizedSentence;
import io.aisle.batch.TestSession;
import io.aisle.batch.storage.SentFile;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

class SparkNlpPipelineTest {
    private static final SparkSession SESSION = TestSession.get();
    private static final int LABELS = 3;

    @TempDir
    private Path directory;

    @Test
    void feedsTheNetworkExactlyTheGivenIds() throws IOException {
        PipelineModel pipeline = build(RandomNetwork.pieces());
        Random random = new Random(11);
        List<int[]> texts = new ArrayList<>();
        for (int length = 1; length <= RandomNetwork.MAX_TOKENS - 2; length++) {
            texts.add(RandomNetwork.ids(random, length));
        }

        assertThat(fedIds(pipeline, texts).toArray(int[][]::new)).isDeepEqualTo(texts.toArray(int[][]::new));
    }

    @Test
    void hasOneWordForEveryIdOfTheVocabulary() throws IOException {
        PipelineModel pipeline = build(RandomNetwork.pieces());
        List<int[]> texts = new ArrayList<>();
        for (int id = 1; id < RandomNetwork.VOCABULARY_SIZE; id++) {
            texts.add(new int[] {RandomNetwork.START, id, RandomNetwork.END});
        }

        assertThat(fedIds(pipeline, texts).toArray(int[][]::new)).isDeepEqualTo(texts.toArray(int[][]::new));
    }

    @Test
    void cutsWhatIsLongerThanTheLimitAndKeepsTheEnd() throws IOException {
        int[] tooLong = RandomNetwork.ids(new Random(5), RandomNetwork.MAX_TOKENS);
        int[] cut = Arrays.copyOf(tooLong, RandomNetwork.MAX_TOKENS);
        cut[RandomNetwork.MAX_TOKENS - 1] = RandomNetwork.END;

        assertThat(fedIds(build(RandomNetwork.pieces()), List.of(tooLong)).get(0))
                .isEqualTo(cut);
    }

    @Test
    void givesEachNetworkCallTheThreadsOfOneTask() throws IOException {
        build(RandomNetwork.pieces());

        assertThat(new OnnxSession().getSessionOptions().apply(SparkNlpPipeline.THREADS_KEY))
                .isEqualTo("1");
    }

    @Test
    void refusesVocabularyThatHasATokenWord() {
        List<String> pieces = RandomNetwork.pieces();
        pieces.set(50, "aisle417");

        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> build(pieces))
                .withMessage("Cannot build the Spark NLP pipeline: found aisle417 in the vocabulary,"
                        + " expected that word to be free for id 417. Use the engine onnx.");
    }

    @Test
    void acceptsPieceThatOnlyResemblesATokenWord() throws IOException {
        List<String> pieces = RandomNetwork.pieces();
        pieces.set(50, "aisle");
        pieces.set(51, "##417");
        pieces.set(52, TokenWords.word(RandomNetwork.VOCABULARY_SIZE));
        int[] text = {RandomNetwork.START, 417, 52, RandomNetwork.END};

        assertThat(fedIds(build(pieces), List.of(text)).get(0)).isEqualTo(text);
    }

    @Test
    void refusesVocabularyWithoutPaddingAsPieceZero() {
        List<String> pieces = RandomNetwork.pieces();
        pieces.set(0, "the");

        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> build(pieces))
                .withMessage("Cannot build the Spark NLP pipeline: found the at line 1 of the vocabulary,"
                        + " expected [PAD], since Spark NLP masks id 0. Use the engine onnx.");
    }

    @Test
    void refusesEmptyVocabulary() {
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> build(List.of()))
                .withMessageStartingWith("Cannot build the Spark NLP pipeline: found no piece at line 1");
    }

    @Test
    void refusesVocabularyWithoutSpecialPiece() {
        List<String> pieces = RandomNetwork.pieces();
        pieces.set(RandomNetwork.END, "the");

        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> build(pieces))
                .withMessage("Cannot build the Spark NLP pipeline: found no piece [SEP] in the vocabulary,"
                        + " expected one, since Spark NLP asks for it. Use the engine onnx.");
    }

    @Test
    void refusesMoreTokensThanSparkNlpTakes() {
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> SparkNlpPipeline.build(SESSION, "model.onnx", RandomNetwork.pieces(), 1, 513))
                .withMessage("Cannot build the Spark NLP pipeline: found 513 tokens at most, expected 3 to 512."
                        + " Use the engine onnx, or train with fewer tokens.");
    }

    @Test
    void refusesToSaveOverSomething() throws IOException {
        PipelineModel pipeline = build(RandomNetwork.pieces());

        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> SparkNlpPipeline.save(pipeline, directory))
                .withMessage("Cannot save the pipeline to " + directory
                        + ": found something there, expected a directory that does not exist yet. Name another.");
    }

    @Test
    void refusesDirectoryWithSpaces() throws IOException {
        PipelineModel pipeline = build(RandomNetwork.pieces());
        Path spaced = directory.resolve("my pipeline");

        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> SparkNlpPipeline.save(pipeline, spaced))
                .withMessage("Cannot use the directory file:" + spaced + " for a pipeline: found ' ' in its path,"
                        + " expected what a URI allows. Name a directory without spaces.");
        assertThat(spaced).doesNotExist();
    }

    private PipelineModel build(List<String> pieces) throws IOException {
        Path network = RandomNetwork.write(directory.resolve("model.onnx"), LABELS, 1);
        return SparkNlpPipeline.build(SESSION, SentFile.send(SESSION, network), pieces, 3, RandomNetwork.MAX_TOKENS);
    }

    /** What Spark NLP's own steps make of the token words, [CLS] and [SEP] included: the input of its network call. */
    private static List<int[]> fedIds(PipelineModel pipeline, List<int[]> texts) {
        Dataset<Row> words = SESSION.createDataset(
                        texts.stream().map(TokenWords::of).toList(), Encoders.STRING())
                .toDF(SparkNlpPipeline.TOKEN_WORDS)
                .coalesce(1);
        Dataset<Row> tokenized = pipeline.stages()[1].transform(pipeline.stages()[0].transform(words));
        DistilBertForSequenceClassification classifier = (DistilBertForSequenceClassification) pipeline.stages()[2];
        DistilBertClassification network = classifier.getModelIfNotSet();
        int maxTokens = classifier.getMaxSentenceLength();
        return tokenized.select(SparkNlpPipeline.TOKEN).collectAsList().stream()
                .map(row -> {
                    WordpieceTokenizedSentence pieces = network.tokenizeWithAlignment(
                                    seq(sentence(row.getList(0))), maxTokens, classifier.getCaseSensitive())
                            .head();
                    return network.encode(seq(new Tuple2<>(pieces, (Object) 0)), maxTokens)
                            .head();
                })
                .toList();
    }

    private static TokenizedSentence sentence(List<Row> annotations) {
        IndexedToken[] tokens = annotations.stream()
                .map(token -> new IndexedToken(
                        token.getAs("result"), token.<Integer>getAs("begin"), token.<Integer>getAs("end")))
                .toArray(IndexedToken[]::new);
        return new TokenizedSentence(tokens, 0);
    }

    private static <T> Seq<T> seq(T element) {
        return JavaConverters.asScalaBuffer(List.of(element));
    }
}
