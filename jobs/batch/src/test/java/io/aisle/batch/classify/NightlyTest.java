package io.aisle.batch.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Night after night over one output: what is carried over, and what is kept. */
class NightlyTest {
    private static final String[] WORDS = {"tea", "lamp", "drill", "red", "blue"};

    @TempDir
    Path temporary;

    private Nightly nights;

    @BeforeEach
    void takesAnOutput() {
        nights = new Nightly(temporary);
    }

    @Test
    void scoresOnlyWhatIsNewOrChanged() throws IOException {
        nights.monday(Map.of("a", "tea", "b", "lamp", "c", "drill", "d", "red"));

        AisleRun run = nights.nightly("tuesday", Map.of("a", "tea", "b", "lamp lamp", "d", "red", "e", "drill"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("since run monday: 2 products carried over, 1 changed, 1 new, 1 removed\n")
                .contains("scoring 2 products\n");
        Map<String, Row> predictions = nights.predictions("tuesday");
        assertThat(predictions).containsOnlyKeys("a", "b", "d", "e");
        predictions.forEach((id, row) -> {
            boolean isCarried = id.equals("a") || id.equals("d");
            assertThat((boolean) row.getAs("carried")).as(id).isEqualTo(isCarried);
            assertThat((String) row.getAs("scored_run_id")).as(id).isEqualTo(isCarried ? "monday" : "tuesday");
            assertThat((String) row.getAs("run_id")).as(id).isEqualTo("tuesday");
        });
        assertThat(nights.json("tuesday", "manifest.json").get("rows"))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"rows_in\": 4, \"scored\": 2, \"carried\": 2, \"quarantined\": 0,"
                                + " \"duplicates\": 0, \"review\": 1}"));
        JsonNode metrics = nights.json("tuesday", "metrics.json");
        assertThat(metrics.get("products_new").asLong()).isEqualTo(1);
        assertThat(metrics.get("products_changed").asLong()).isEqualTo(1);
        assertThat(metrics.get("products_carried").asLong()).isEqualTo(2);
        assertThat(metrics.get("products_rescored").asLong()).isZero();
        assertThat(metrics.get("products_removed").asLong()).isEqualTo(1);
    }

    @Test
    void carriedRowForReviewHasItsTextBesideIt() throws IOException {
        nights.monday(Map.of("a", "tea", "d", "red"));
        nights.nightly("tuesday", Map.of("a", "tea", "d", "red"));

        List<Row> review = TestSession.get()
                .read()
                .json(nights.run("tuesday").resolve("review").toString())
                .collectAsList();
        assertThat(review).singleElement().satisfies(row -> {
            assertThat((String) row.getAs("id")).isEqualTo("d");
            assertThat((String) row.getAs("title")).isEqualTo("red");
            assertThat((boolean) row.getAs("carried")).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void givesWhatFullRunGivesRowForRow(long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, String> products = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            products.put("p" + i, title(random));
        }
        nights.monday(products);
        Map<String, String> changed = new TreeMap<>();
        products.forEach((id, title) -> {
            int fate = random.nextInt(10);
            if (fate > 0) {
                changed.put(id, fate == 1 ? title(random) : title);
            }
        });
        changed.put("new", title(random));

        assertThat(nights.nightly("tuesday", changed).exitCode()).isZero();
        assertThat(nights.classify("full", changed).exitCode()).isZero();

        Map<String, Row> full = nights.predictions("full");
        Map<String, Row> incremental = nights.predictions("tuesday");
        assertThat(incremental.keySet()).isEqualTo(full.keySet()).isEqualTo(changed.keySet());
        full.forEach((id, expected) -> {
            Row found = incremental.get(id);
            for (String column :
                    List.of("category", "category_path", "decision", "reason", "model_version", "content_hash")) {
                assertThat(found.<Object>getAs(column))
                        .as("%s of %s", column, id)
                        .isEqualTo(expected.getAs(column));
            }
            assertThat((float) found.getAs("confidence"))
                    .as(id)
                    .isEqualTo((float) expected.getAs("confidence"), within(1e-6f));
            assertThat(found.getList(found.fieldIndex("top")))
                    .hasSameSizeAs(expected.getList(expected.fieldIndex("top")));
        });
        assertThat(nights.json("tuesday", "metrics.json")
                        .get("distinct_texts_scored")
                        .asLong())
                .isLessThan(nights.json("full", "metrics.json")
                        .get("distinct_texts_scored")
                        .asLong());
    }

    @Test
    void networkReadsEachDistinctTextOnce() throws IOException {
        AisleRun run = nights.classify("monday", Map.of("a", "tea", "b", "tea", "c", "Tea", "d", "lamp"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(nights.predictions("monday")).hasSize(4);
        // the recipe keeps case, the vocabulary does not
        assertThat(nights.json("monday", "metrics.json")
                        .get("distinct_texts_scored")
                        .asLong())
                .isEqualTo(3);
    }

    @Test
    void carriesOverFromNamedRunAndFromRunOfAnotherOutput() throws IOException {
        Map<String, String> products = Map.of("a", "tea", "b", "lamp");
        nights.classify("monday", products);
        nights.classify("tuesday", Map.of("a", "drill", "b", "drill"));

        assertThat(nights.classify("wednesday", products, "--previous", "monday")
                        .out())
                .contains("2 products carried over");
        Path elsewhere = Fixtures.copy(nights.run("monday"), temporary.resolve("elsewhere"));
        assertThat(nights.classify("thursday", products, "--previous", elsewhere.toString())
                        .out())
                .contains("since run elsewhere: 2 products carried over");
        assertThat(nights.predictions("thursday").get("a").<String>getAs("scored_run_id"))
                .isEqualTo("monday");
    }

    @Test
    void carriesOverFromRunThatDidNotMeasureTextsAndMeasuresThemNow() throws IOException {
        nights.monday(Map.of("a", "tea", "b", "red lamp, 20"));
        Path predictions = nights.run("monday").resolve("predictions");
        Path whole = temporary.resolve("whole");
        Files.move(predictions, whole);
        TestSession.get()
                .read()
                .parquet(whole.toString())
                .drop("filled", "characters", "words", "unknown_words")
                .write()
                .parquet(predictions.toString());

        AisleRun run = nights.nightly("tuesday", Map.of("a", "tea", "b", "red lamp, 20"));

        assertThat(run.out()).contains("2 products carried over");
        Row row = nights.predictions("tuesday").get("b");
        assertThat((boolean) row.getAs("carried")).isTrue();
        assertThat(row.getList(row.fieldIndex("filled"))).isEqualTo(List.of("title"));
        assertThat((int) row.getAs("characters")).isEqualTo(12);
        assertThat((int) row.getAs("words")).isEqualTo(3);
        // the bundle does not know what it saw
        assertThat((Integer) row.getAs("unknown_words")).isNull();
    }

    @Test
    void firstNightScoresEverythingAndSaysWhy() throws IOException {
        AisleRun run = nights.nightly("monday", Map.of("a", "tea"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("scoring all 1 products: no run is published yet that could be carried over\n");
    }

    @Test
    void newModelScoresEverythingAgainAndSaysHowMuchBefore() throws IOException {
        Map<String, String> products = Map.of("a", "tea", "b", "lamp");
        nights.monday(products);
        Path other = Fixtures.copy(HandMadeBundle.get().directory(), temporary.resolve("other"));
        Files.writeString(other.resolve("manifest.json"), Files.readString(other.resolve("manifest.json")) + "\n");

        AisleRun run = nights.classify("tuesday", products, "--previous", "CURRENT", "--model", other.toString());

        assertThat(run.out())
                .contains("0 products carried over, 0 changed, 0 new, 0 removed\n")
                .contains("scoring 2 unchanged products again: they were scored by model "
                        + HandMadeBundle.get().version() + ", or with other settings\n");
        assertThat(nights.predictions("tuesday").values()).noneMatch(row -> row.<Boolean>getAs("carried"));
        assertThat(nights.json("tuesday", "metrics.json")
                        .get("products_rescored")
                        .asLong())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify.top=1", "classify.engine=spark-nlp"})
    void otherSettingsOfTheScoringScoreEverythingAgain(String setting) throws IOException {
        Map<String, String> products = Map.of("a", "tea", "b", "lamp");
        nights.monday(products);

        assertThat(nights.classify("tuesday", products, "--previous", "CURRENT", "--set", setting)
                        .out())
                .contains("scoring 2 unchanged products again");
    }

    @Test
    void keepsAsManyPublishedRunsAsAsked() throws IOException {
        Map<String, String> products = Map.of("a", "tea");
        nights.monday(products);
        nights.nightly("tuesday", products);

        AisleRun run = nights.nightly("wednesday", products, "--keep", "2");

        assertThat(run.out()).contains("removed run monday: 2 are kept\n");
        assertThat(nights.run("monday")).doesNotExist();
        assertThat(nights.predictions("tuesday")).hasSize(1);
        assertThat(nights.nightly("thursday", products, "--keep", "1").err())
                .contains("classify.keep: found 1, expected a whole number from 2");
    }

    @Test
    void dryRunSaysWhatWouldBeCarriedOver() throws IOException {
        AisleRun run = nights.nightly("monday", Map.of("a", "tea"), "--max-scored-rows", "7", "--dry-run");

        assertThat(run.out())
                .contains("would carry over what did not change since the run CURRENT\n")
                .contains("with the engine onnx, at most 7 rows\n");
    }

    private static String title(Random random) {
        StringBuilder title = new StringBuilder();
        for (int word = random.nextInt(4); word >= 0; word--) {
            title.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return title.toString();
    }
}
