package io.aisle.batch.train.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.metric.McNemarTest;
import io.aisle.core.model.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                "linear,bag,mlp",
                "--epochs",
                "1",
                "--choose-by",
                "accuracy,size",
                "--set",
                "train.max-tokens=16",
                "--set",
                "train.vocabulary-size=500",
                "--set",
                "train.linear.max-characters=0",
                "--set",
                "train.reduced.min-products=100000",
                "--output",
                output.toString());
        board = new ObjectMapper().readTree(output.resolve("leaderboard.json").toFile());
    }

    @Test
    void everyKindThatCanBeTrainedHasABundleAndARow() {
        for (String kind : List.of("linear", "bag")) {
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
        assertThat(board.get("models")).hasSize(2);
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
        Map<String, Boolean> linear = right("linear");
        Map<String, Boolean> bag = right("bag");
        assertThat(linear).hasSize(board.get("rows").get("evaluated").asInt()).hasSizeGreaterThan(40);
        assertThat(bag.keySet()).isEqualTo(linear.keySet());
        assertThat(model("linear").get("metrics").get("accuracy").get("value").asDouble())
                .isCloseTo(share(linear), within(1e-9));
        assertThat(model("bag").get("metrics").get("accuracy").get("value").asDouble())
                .isCloseTo(share(bag), within(1e-9));

        int onlyLinear = 0;
        int onlyBag = 0;
        for (String id : linear.keySet()) {
            onlyLinear += linear.get(id) && !bag.get(id) ? 1 : 0;
            onlyBag += bag.get(id) && !linear.get(id) ? 1 : 0;
        }
        String worse = share(linear) >= share(bag) ? "bag" : "linear";
        assertThat(model(worse).get("mcnemar_p_against_best").asDouble())
                .isCloseTo(new McNemarTest(onlyLinear, onlyBag).pValue(), within(1e-12));
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
    void pageTellsTheSame() throws IOException {
        Document page = Jsoup.parse(Files.readString(output.resolve("leaderboard.html")));

        assertThat(page.select("h1").text())
                .isEqualTo("Take " + board.get("winner").asText());
        assertThat(page.select("tbody tr")).hasSize(2);
        assertThat(page.select("tr.winner th").text())
                .isEqualTo(board.get("winner").asText());
        assertThat(page.select("script, link, img")).isEmpty();
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

    private Map<String, Boolean> right(String kind) {
        Map<String, Boolean> right = new HashMap<>();
        for (Row row : TestSession.get()
                .read()
                .parquet(output.resolve("answers").resolve(kind).toString())
                .collectAsList()) {
            right.put(row.getAs("id"), row.getAs("is_right"));
        }
        return right;
    }

    private static double share(Map<String, Boolean> right) {
        return (double) right.values().stream().filter(is -> is).count() / right.size();
    }
}
