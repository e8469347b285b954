package io.aisle.batch.train.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.metric.McNemarTest;
import io.aisle.core.model.CascadeDefinition;
import io.aisle.core.model.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class CompareJobTest {
    @TempDir
    static Path temporary;

    private Path output;
    private AisleRun run;
    private JsonNode board;

    /** The perceptron finds no n-gram that is frequent enough: it fails, and the others go on. */
    @BeforeAll
    void compareOnce() throws IOException {
        output = temporary.resolve("compared");
        run = AisleRun.succeeding(
                "compare",
                "--data",
                TrainedBundle.prepared().toString(),
                "--kinds",
                "linear,bag,mlp,cascade",
                "--epochs",
                "8",
                "--choose-by",
                "accuracy,size",
                "--set",
                "train.max-tokens=16",
                "--set",
                "train.vocabulary-size=500",
                "--set",
                "train.linear.max-characters=0",
                "--set",
                "train.linear.max-features=100",
                "--set",
                "train.cascade.network=bag",
                "--cascade-target",
                "0.01",
                "--set",
                "train.reduced.min-products=100000",
                "--output",
                output.toString());
        board = new ObjectMapper().readTree(output.resolve("leaderboard.json").toFile());
    }

    @Test
    void everyKindThatCanBeTrainedHasABundleAndARow() {
        for (String kind : List.of("linear", "bag", "cascade")) {
            ModelBundle bundle = ModelBundle.open(output.resolve("models").resolve(kind));
            JsonNode model = model(kind);
            assertThat(model.get("version").asText()).isEqualTo(bundle.version());
            assertThat(model.get("metrics").get("weighted_f1").get("lower_95").asDouble())
                    .isLessThan(
                            model.get("metrics").get("weighted_f1").get("value").asDouble());
            assertThat(model.get("train_seconds").asDouble()).isPositive();
            assertThat(model.get("rows_per_second").asDouble()).isPositive();
            assertThat(model.get("model_bytes").asLong()).isPositive();
            assertThat(model.get("heap_bytes").asLong()).isPositive();
        }
        assertThat(board.get("models")).hasSize(3);
    }

    @Test
    void kindThatFailsIsTold() {
        assertThat(board.get("failed")).hasSize(1);
        assertThat(board.get("failed").get(0).get("kind").asText()).isEqualTo("mlp");
        assertThat(board.get("failed").get(0).get("reason").asText())
                .startsWith("Cannot choose features: found no n-gram in 100000 train rows");
        assertThat(run.out()).contains("mlp failed: Cannot choose features: ");
    }

    /** The board's numbers are those of the answers it wrote. */
    @Test
    void numbersAreThoseOfTheAnswers() {
        Map<String, Map<String, Row>> answers = answersByKind();
        assertThat(answers.get("linear"))
                .hasSize(board.get("rows").get("evaluated").asInt())
                .hasSizeGreaterThan(40);
        String best = board.get("models").get(0).get("kind").asText();
        answers.forEach((kind, ofKind) -> {
            assertThat(ofKind.keySet()).isEqualTo(answers.get("linear").keySet());
            assertThat(model(kind).get("metrics").get("accuracy").get("value").asDouble())
                    .isCloseTo(share(ofKind), within(1e-9));
            int onlyBest = 0;
            int onlyThis = 0;
            for (String id : ofKind.keySet()) {
                boolean isBestRight = isRight(answers.get(best).get(id));
                onlyBest += isBestRight && !isRight(ofKind.get(id)) ? 1 : 0;
                onlyThis += isRight(ofKind.get(id)) && !isBestRight ? 1 : 0;
            }
            assertThat(model(kind).get("mcnemar_p_against_best").asDouble())
                    .isCloseTo(new McNemarTest(onlyBest, onlyThis).pValue(), within(1e-12));
        });
    }

    /** Each point is what the answers of linear and bag come to at its threshold. */
    @Test
    void drawsTheCurveOfLinearAndTheNetwork() {
        Map<String, Map<String, Row>> answers = answersByKind();
        JsonNode curve = board.get("cascade_curve");
        assertThat(curve.get("network").asText()).isEqualTo("bag");
        assertThat(curve.get("rows").asInt()).isEqualTo(answers.get("bag").size());
        assertThat(curve.get("target").asDouble()).isEqualTo(0.01);
        assertThat(curve.get("points")).hasSizeBetween(10, 22);
        List<JsonNode> points = new ArrayList<>(List.of(curve.get("least")));
        curve.get("points").forEach(points::add);
        for (JsonNode point : points) {
            Map<String, Row> together = new HashMap<>(answers.get("linear"));
            together.replaceAll((id, row) ->
                    row.<Float>getAs("confidence") < point.get("threshold").asDouble()
                            ? answers.get("bag").get(id)
                            : row);
            long sent = answers.get("linear").values().stream()
                    .filter(row -> row.<Float>getAs("confidence")
                            < point.get("threshold").asDouble())
                    .count();
            assertThat(point.get("accuracy").asDouble()).isCloseTo(share(together), within(1e-9));
            assertThat(point.get("sent_share").asDouble()).isCloseTo((double) sent / together.size(), within(1e-9));
        }
        double better = Math.max(
                curve.get("linear_accuracy").asDouble(),
                curve.get("network_accuracy").asDouble());
        assertThat(curve.get("least").get("sent_share").asDouble()).isBetween(0.01, 0.99);
        assertThat(curve.get("least").get("accuracy").asDouble()).isGreaterThanOrEqualTo(better - 0.01);

        String line = String.format(
                "linear, and bag only for the %.1f%% that it is least sure of: accuracy %.4f (linear alone %.4f, bag alone %.4f)",
                100 * curve.get("least").get("sent_share").asDouble(),
                curve.get("least").get("accuracy").asDouble(),
                share(answers.get("linear")),
                share(answers.get("bag")));
        assertThat(run.out()).contains(line);
        assertThat(curve.get("in_words").asText()).isEqualTo(line);
    }

    /** Linear and bag were trained before it; it answers by one of them. */
    @Test
    void theCascadeTakesTheModelsThatAreTrainedAlready() {
        double threshold = ((CascadeDefinition)
                        ModelBundle.open(output.resolve("models").resolve("cascade"))
                                .manifest()
                                .model())
                .threshold();
        Map<String, Map<String, Row>> answers = answersByKind();
        answers.get("cascade").forEach((id, row) -> {
            Row linear = answers.get("linear").get(id);
            Row expected = linear.<Float>getAs("confidence") < threshold
                    ? answers.get("bag").get(id)
                    : linear;
            assertThat(row.<String>getAs("category")).isEqualTo(expected.getAs("category"));
        });
        assertThat(threshold).isPositive();
        assertThat(run.out())
                .contains("validated bag: trained already")
                .contains("refitted linear: trained already")
                .containsOnlyOnce("best epoch ");
        assertThat(model("cascade").get("train_seconds").asDouble())
                .isGreaterThan(model("linear").get("train_seconds").asDouble()
                        + model("bag").get("train_seconds").asDouble());
    }

    @Test
    void saysWhichToTakeAndWhy() {
        String winner = board.get("winner").asText();

        assertThat(board.get("reasons").get(0).asText()).startsWith("by accuracy ");
        assertThat(run.out())
                .contains(board.get("reasons").get(0).asText())
                .contains(
                        "take " + winner + ": file:" + output.resolve("models").resolve(winner));
    }

    @Test
    void pageHoldsTheSameNumbers() throws IOException {
        Document page = Jsoup.parse(Files.readString(output.resolve("leaderboard.html")));

        assertThat(new ObjectMapper().readTree(page.select("#data").first().data()))
                .isEqualTo(board);
        assertThat(page.select("script[src], link[href], img")).isEmpty();
    }

    @Test
    void refusesWhatItCannotCompare() {
        AisleRun twice = AisleRun.of(
                "compare",
                "--data",
                TrainedBundle.prepared().toString(),
                "--kinds",
                "bag,bag",
                "--choose-by",
                "beauty",
                "--output",
                temporary.resolve("never").toString());

        assertThat(twice.exitCode()).isEqualTo(2);
        assertThat(twice.err())
                .contains("compare.kinds: found [bag, bag], expected one or more kinds, each once")
                .contains("compare.choose-by: found beauty, expected one of accuracy, weighted-f1, macro-f1");
    }

    @Test
    void refusesRowsThatItCannotJudgeBeforeItTrains() throws IOException {
        Path strange = Files.writeString(
                temporary.resolve("strange.jsonl"), "{\"id\": \"1\", \"title\": \"lamp\", \"shelf\": \"nowhere\"}\n");

        AisleRun run = AisleRun.of(
                "compare",
                "--data",
                TrainedBundle.prepared().toString(),
                "--kinds",
                "linear",
                "--input",
                strange.toString(),
                "--format",
                "jsonl",
                "--label",
                "shelf",
                "--output",
                temporary.resolve("unjudged").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("found 1 of 1 labelled rows (100.00%) with a label that the model does not know");
        assertThat(run.out()).doesNotContain("training");
        assertThat(temporary.resolve("unjudged")).doesNotExist();
    }

    private JsonNode model(String kind) {
        for (JsonNode model : board.get("models")) {
            if (model.get("kind").asText().equals(kind)) {
                return model;
            }
        }
        throw new AssertionError("no row of " + kind);
    }

    private Map<String, Map<String, Row>> answersByKind() {
        Map<String, Map<String, Row>> answers = new HashMap<>();
        for (String kind : List.of("linear", "bag", "cascade")) {
            Map<String, Row> ofKind = new HashMap<>();
            TestSession.get()
                    .read()
                    .parquet(output.resolve("answers").resolve(kind).toString())
                    .collectAsList()
                    .forEach(row -> ofKind.put(row.getAs("id"), row));
            answers.put(kind, ofKind);
        }
        return answers;
    }

    private static boolean isRight(Row row) {
        return row.<Boolean>getAs("is_right");
    }

    private static double share(Map<String, Row> answers) {
        return (double) answers.values().stream()
                        .filter(CompareJobTest::isRight)
                        .count()
                / answers.size();
    }
}
