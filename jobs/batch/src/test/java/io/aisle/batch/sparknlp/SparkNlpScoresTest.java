package io.aisle.batch.sparknlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.TestSession;
import io.aisle.batch.storage.SentFile;
import io.aisle.core.onnx.OnnxNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkNlpScoresTest {
    private static final SparkSession SESSION = TestSession.get();
    private static final int LABELS = 11;

    @TempDir
    private static Path directory;

    private static Path network;
    private static PipelineModel pipeline;
    private static List<int[]> texts;

    @BeforeAll
    static void buildPipeline() throws IOException {
        network = RandomNetwork.write(directory.resolve("model.onnx"), LABELS, 7);
        pipeline = build(network, LABELS);
        texts = new ArrayList<>();
        Random random = new Random(42);
        for (int i = 0; i < 500; i++) {
            texts.add(RandomNetwork.ids(random, 1 + random.nextInt(RandomNetwork.MAX_TOKENS - 2)));
        }
    }

    @Test
    void equalsOnnxRuntimeOnTheSameIds() {
        assertEqual(scores(pipeline, rows(texts), LABELS), expected(network, texts));
    }

    @Test
    void keepsEachRowsScoresBesideVeryShortAndVeryLongNeighbours() {
        Random random = new Random(3);
        List<int[]> uneven = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            uneven.add(RandomNetwork.ids(random, i % 2 == 0 ? 1 : RandomNetwork.MAX_TOKENS - 2));
        }

        assertEqual(scores(pipeline, rows(uneven).coalesce(1), LABELS), expected(network, uneven));
    }

    @Test
    void scoresTheSameAfterSaveAndLoad() {
        Path saved = directory.resolve("saved");
        SparkNlpPipeline.save(pipeline, saved);

        PipelineModel loaded = PipelineModel.load("file:" + saved);

        assertThat(scores(loaded, rows(texts), LABELS)).isDeepEqualTo(scores(pipeline, rows(texts), LABELS));
    }

    @Test
    void twoPipelinesOfOneSessionKeepTheirNetworksApart() throws IOException {
        Path otherNetwork = RandomNetwork.write(directory.resolve("other.onnx"), 3, 8);
        PipelineModel other = build(otherNetwork, 3);
        SparkNlpPipeline.save(other, directory.resolve("other"));
        SparkNlpPipeline.save(pipeline, directory.resolve("first"));
        PipelineModel loaded = PipelineModel.load("file:" + directory.resolve("first"));
        PipelineModel otherLoaded = PipelineModel.load("file:" + directory.resolve("other"));
        List<int[]> some = texts.subList(0, 20);

        assertEqual(scores(other, rows(some), 3), expected(otherNetwork, some));
        assertEqual(scores(otherLoaded, rows(some), 3), expected(otherNetwork, some));
        assertEqual(scores(pipeline, rows(some), LABELS), expected(network, some));
        assertEqual(scores(loaded, rows(some), LABELS), expected(network, some));
    }

    @Test
    void addsProbabilitiesAndKeepsEveryOtherColumn() {
        Dataset<Row> rows = rows(texts).withColumnRenamed("group", "spark nlp");

        assertThat(SparkNlpScores.withProbabilities(pipeline, rows, LABELS)
                        .schema()
                        .simpleString())
                .isEqualTo("struct<id:bigint,token_words:string,spark nlp:string,probabilities:array<float>>");
    }

    @Test
    void givesNullToRowWithoutWords() {
        Dataset<Row> rows = rows(List.of(texts.get(0), new int[] {RandomNetwork.START, RandomNetwork.END}));

        assertThat(SparkNlpScores.withProbabilities(pipeline, rows, LABELS)
                        .orderBy("id")
                        .collectAsList())
                .extracting(row -> row.isNullAt(row.fieldIndex("probabilities")))
                .containsExactly(false, true);
    }

    @Test
    void refusesPipelineOfFewerLabels() {
        assertThatThrownBy(() -> scores(pipeline, rows(texts.subList(0, 1)), LABELS + 1))
                .rootCause()
                .hasMessage("Cannot read the scores of row 0: found 11 labels, expected 12."
                        + " Score with the bundle that the pipeline was built from.");
    }

    @Test
    void refusesPipelineOfMoreLabels() {
        assertThatThrownBy(() -> scores(pipeline, rows(texts.subList(0, 1)), LABELS - 1))
                .rootCause()
                .hasMessage("Cannot read the scores of row 0: found more than 10 labels, expected 10."
                        + " Score with the bundle that the pipeline was built from.");
    }

    private static PipelineModel build(Path network, int labels) {
        return SparkNlpPipeline.build(
                SESSION, SentFile.send(SESSION, network), RandomNetwork.pieces(), labels, RandomNetwork.MAX_TOKENS);
    }

    /** One row a text, its place being its id, in two partitions. */
    private static Dataset<Row> rows(List<int[]> texts) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            rows.add(RowFactory.create((long) i, TokenWords.of(texts.get(i)), i % 2 == 0 ? "even" : "odd"));
        }
        StructType schema = new StructType()
                .add("id", "bigint")
                .add(SparkNlpPipeline.TOKEN_WORDS, "string")
                .add("group", "string");
        return SESSION.createDataFrame(rows, schema);
    }

    private static float[][] scores(PipelineModel pipeline, Dataset<Row> rows, int labels) {
        Map<Long, List<Float>> byId = new HashMap<>();
        for (Row row : SparkNlpScores.withProbabilities(pipeline, rows, labels)
                .select("id", SparkNlpScores.PROBABILITIES)
                .collectAsList()) {
            byId.put(row.getLong(0), row.getList(1));
        }
        float[][] scores = new float[byId.size()][labels];
        byId.forEach((id, probabilities) -> {
            for (int label = 0; label < labels; label++) {
                scores[id.intValue()][label] = probabilities.get(label);
            }
        });
        return scores;
    }

    /** The softmax of ONNX Runtime's log-probabilities, each text alone. */
    private static float[][] expected(Path network, List<int[]> texts) {
        try (OnnxNetwork runtime = OnnxNetwork.open(network, 1)) {
            float[][] expected = new float[texts.size()][];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = runtime.logits(List.of(texts.get(i)))[0];
                for (int label = 0; label < expected[i].length; label++) {
                    expected[i][label] = (float) Math.exp(expected[i][label]);
                }
            }
            return expected;
        }
    }

    private static void assertEqual(float[][] scores, float[][] expected) {
        assertThat(scores).hasSameDimensionsAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(scores[i]).as("text %d", i).containsExactly(expected[i], within(1e-5f));
        }
    }
}
