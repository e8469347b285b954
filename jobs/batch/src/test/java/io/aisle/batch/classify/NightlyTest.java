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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Night after night over one output: what is carried over, what is refused, what is kept. */
class NightlyTest {
    private static final String[] WORDS = {"tea", "lamp", "drill", "red", "blue"};

    @TempDir
    Path temporary;

    @Test
    void scoresOnlyWhatIsNewOrChanged() throws IOException {
        nightly("monday", Map.of("a", "tea", "b", "lamp", "c", "drill", "d", "red"));

        AisleRun run = nightly("tuesday", Map.of("a", "tea", "b", "lamp lamp", "d", "red", "e", "drill"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("since run monday: 2 products carried over, 1 changed, 1 new, 1 removed\n")
                .contains("scoring 2 products\n");
        Map<String, Row> predictions = predictions("tuesday");
        assertThat(predictions).containsOnlyKeys("a", "b", "d", "e");
        predictions.forEach((id, row) -> {
            boolean isCarried = id.equals("a") || id.equals("d");
            assertThat((boolean) row.getAs("carried")).as(id).isEqualTo(isCarried);
            assertThat((String) row.getAs("scored_run_id")).as(id).isEqualTo(isCarried ? "monday" : "tuesday");
            assertThat((String) row.getAs("run_id")).as(id).isEqualTo("tuesday");
        });
        assertThat(json("tuesday", "manifest.json").get("rows"))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"rows_in\": 4, \"scored\": 2, \"carried\": 2, \"quarantined\": 0,"
                                + " \"duplicates\": 0, \"review\": 1}"));
        JsonNode metrics = json("tuesday", "metrics.json");
        assertThat(metrics.get("products_new").asLong()).isEqualTo(1);
        assertThat(metrics.get("products_changed").asLong()).isEqualTo(1);
        assertThat(metrics.get("products_carried").asLong()).isEqualTo(2);
        assertThat(metrics.get("products_rescored").asLong()).isZero();
        assertThat(metrics.get("products_removed").asLong()).isEqualTo(1);
    }

    @Test
    void carriedRowForReviewHasItsTextBesideIt() throws IOException {
        nightly("monday", Map.of("a", "tea", "d", "red"));
        nightly("tuesday", Map.of("a", "tea", "d", "red"));

        List<Row> review = TestSession.get()
                .read()
                .json(run("tuesday").resolve("review").toString())
                .collectAsList();
        assertThat(review).singleElement().satisfies(row -> {
            assertThat((String) row.getAs("id")).isEqualTo("d");
            assertThat((String) row.getAs("title")).isEqualTo("red");
            assertThat((boolean) row.getAs("carried")).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void givesWhatFullRunGivesRowForRow(long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, String> products = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            products.put("p" + i, title(random));
        }
        nightly("monday", products);
        Map<String, String> changed = new TreeMap<>();
        products.forEach((id, title) -> {
            int fate = random.nextInt(10);
            if (fate > 0) {
                changed.put(id, fate == 1 ? title(random) : title);
            }
        });
        changed.put("new", title(random));

        assertThat(nightly("tuesday", changed).exitCode()).isZero();
        assertThat(classify("full", changed).exitCode()).isZero();

        Map<String, Row> full = predictions("full");
        Map<String, Row> incremental = predictions("tuesday");
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
        assertThat(json("tuesday", "metrics.json").get("distinct_texts_scored").asLong())
                .isLessThan(json("full", "metrics.json")
                        .get("distinct_texts_scored")
                        .asLong());
    }

    @Test
    void networkReadsEachDistinctTextOnce() throws IOException {
        AisleRun run = classify("monday", Map.of("a", "tea", "b", "tea", "c", "Tea", "d", "lamp"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(predictions("monday")).hasSize(4);
        // the recipe keeps case, the vocabulary does not
        assertThat(json("monday", "metrics.json").get("distinct_texts_scored").asLong())
                .isEqualTo(3);
    }

    @Test
    void carriesOverFromNamedRunAndFromRunOfAnotherOutput() throws IOException {
        Map<String, String> products = Map.of("a", "tea", "b", "lamp");
        classify("monday", products);
        classify("tuesday", Map.of("a", "drill", "b", "drill"));

        assertThat(classify("wednesday", products, "--previous", "monday").out())
                .contains("2 products carried over");
        Path elsewhere = Fixtures.copy(run("monday"), temporary.resolve("elsewhere"));
        assertThat(classify("thursday", products, "--previous", elsewhere.toString())
                        .out())
                .contains("since run elsewhere: 2 products carried over");
        assertThat(predictions("thursday").get("a").<String>getAs("scored_run_id"))
                .isEqualTo("monday");
    }

    @Test
    void firstNightScoresEverythingAndSaysWhy() throws IOException {
        AisleRun run = nightly("monday", Map.of("a", "tea"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("scoring all 1 products: no run is published yet that could be carried over\n");
    }

    @Test
    void newModelScoresEverythingAgainAndSaysHowMuchBefore() throws IOException {
        Map<String, String> products = Map.of("a", "tea", "b", "lamp");
        nightly("monday", products);
        Path other = Fixtures.copy(HandMadeBundle.get().directory(), temporary.resolve("other"));
        Files.writeString(other.resolve("manifest.json"), Files.readString(other.resolve("manifest.json")) + "\n");

        AisleRun run = classify("tuesday", products, "--previous", "CURRENT", "--model", other.toString());

        assertThat(run.out())
                .contains("0 products carried over, 0 changed, 0 new, 0 removed\n")
                .contains("scoring 2 unchanged products again: they were scored by model "
                        + HandMadeBundle.get().version() + ", or with other settings\n");
        assertThat(predictions("tuesday").values()).noneMatch(row -> row.<Boolean>getAs("carried"));
        assertThat(json("tuesday", "metrics.json").get("products_rescored").asLong())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify.top=1", "classify.engine=spark-nlp"})
    void otherSettingsOfTheScoringScoreEverythingAgain(String setting) throws IOException {
        Map<String, String> products = Map.of("a", "tea", "b", "lamp");
        nightly("monday", products);

        assertThat(classify("tuesday", products, "--previous", "CURRENT", "--set", setting)
                        .out())
                .contains("scoring 2 unchanged products again");
    }

    @Test
    void refusesToScoreMoreThanTheCap() throws IOException {
        nightly("monday", Map.of("a", "tea"));
        Map<String, String> products = Map.of("a", "tea", "b", "tea", "c", "tea");

        AisleRun refused =
                classify("tuesday", products, "--previous", "CURRENT", "--max-scored-rows", "1", "--engine", "onnx");

        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err())
                .isEqualTo("Cannot score the catalog: found 2 products to score (2 new, 0 changed, 0 because model or"
                        + " settings changed), expected at most 1. Nothing was changed; raise --max-scored-rows to allow"
                        + " it.\n");
        assertThat(currentRun()).isEqualTo("monday");
        assertThat(classify("tuesday", products, "--previous", "CURRENT", "--max-scored-rows", "2")
                        .exitCode())
                .isZero();
    }

    @Test
    void doesNotPublishRunWhoseLabelsShifted() throws IOException {
        nightly("monday", Map.of("a", "tea", "b", "tea", "c", "lamp"));

        AisleRun run = nightly(
                "tuesday", Map.of("a", "drill", "b", "drill", "c", "lamp"), "--set", "classify.max-label-shift=0.5");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .isEqualTo(
                        "Cannot publish run tuesday: against the published run monday found label_shift 0.667, expected"
                                + " at most 0.500. Look at file:" + run("tuesday")
                                + "; if it is right, publish it with: aisle"
                                + " promote --output " + output() + " --to tuesday\n");
        assertThat(currentRun()).isEqualTo("monday");
        assertThat(json("tuesday", "metrics.json").get("label_shift").asDouble())
                .isEqualTo(2 / 3.0, within(1e-9));
        assertThat(output().resolve("audit")).isDirectoryContaining("glob:**/refused-*-tuesday.json");
        assertThat(output().resolve("RUNNING")).doesNotExist();
    }

    @Test
    void doesNotPublishRunWhoseReviewShareChanged() throws IOException {
        nightly("monday", Map.of("a", "tea", "b", "tea"));

        AisleRun run = nightly("tuesday", Map.of("a", "tea", "b", "red"));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("found review_change 0.500, expected at most 0.100.");
    }

    @Test
    void doesNotPublishRunThatLostMostProducts() throws IOException {
        nightly("monday", Map.of("a", "tea", "b", "tea", "c", "tea"));

        AisleRun run = nightly("tuesday", Map.of("a", "tea"));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("found row_drop 0.667, expected at most 0.500.");
        assertThat(nightly("wednesday", Map.of()).err())
                .contains("found row_drop 1.000, expected at most 0.500.")
                .doesNotContain("label_shift");
    }

    @Test
    void keepsAsManyPublishedRunsAsAsked() throws IOException {
        Map<String, String> products = Map.of("a", "tea");
        nightly("monday", products);
        nightly("tuesday", products);

        AisleRun run = nightly("wednesday", products, "--keep", "2");

        assertThat(run.out()).contains("removed run monday: 2 are kept\n");
        assertThat(run("monday")).doesNotExist();
        assertThat(predictions("tuesday")).hasSize(1);
        assertThat(nightly("thursday", products, "--keep", "1").err())
                .contains("classify.keep: found 1, expected a whole number from 2");
    }

    @Test
    void refusesPreviousRunThatIsNotThereOrNotWhole() throws IOException {
        AisleRun absent = classify("monday", Map.of("a", "tea"), "--previous", "sunday");

        assertThat(absent.exitCode()).isEqualTo(2);
        assertThat(absent.err())
                .isEqualTo("Cannot read the run file:" + run("sunday")
                        + ": found no such directory, expected what classify" + " wrote. Name a finished run.\n");
        Files.createDirectories(run("sunday").resolve("predictions"));
        assertThat(classify("monday", Map.of("a", "tea"), "--previous", "sunday")
                        .err())
                .contains("found no manifest.json (it did not finish)");
    }

    @Test
    void refusesToCarryOverFromRunThatLostPredictions() throws IOException {
        nightly("monday", Map.of("a", "tea", "b", "lamp"));
        nightly("tuesday", Map.of("a", "tea", "b", "lamp"));
        try (Stream<Path> files = Files.list(run("monday").resolve("predictions"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
                Files.delete(file);
            }
        }

        AisleRun wednesday = classify("wednesday", Map.of("a", "tea"), "--previous", "monday");

        assertThat(wednesday.exitCode()).isEqualTo(2);
        assertThat(wednesday.err())
                .isEqualTo(
                        "Cannot use the run file:" + run("monday")
                                + ": found 0 predictions, expected the 2 of its manifest. Restore its files, or name another run.\n");
        assertThat(run("wednesday")).doesNotExist();
    }

    @Test
    void refusesToStartBesidePublishedRunThatIsGone() throws IOException {
        nightly("monday", Map.of("a", "tea"));
        Fixtures.delete(run("monday"));

        AisleRun tuesday = classify("tuesday", Map.of("a", "tea"));

        assertThat(tuesday.exitCode()).isEqualTo(2);
        assertThat(tuesday.err())
                .startsWith(
                        "Cannot start run tuesday: found the published run monday damaged, expected it whole, to compare"
                                + " with. Restore it, or go back to an earlier one: aisle rollback --output file:"
                                + output())
                .contains("found no such directory");
    }

    @Test
    void refusesToStartBesidePublishedRunWhosePredictionsAreGone() throws IOException {
        nightly("monday", Map.of("a", "tea"));
        Fixtures.delete(run("monday").resolve("predictions"));

        AisleRun tuesday = classify("tuesday", Map.of("a", "tea"));

        assertThat(tuesday.exitCode()).isEqualTo(2);
        assertThat(tuesday.err()).contains("found 0 predictions, expected the 1 of its manifest");
    }

    @Test
    void refusesToCarryOverFromTheRunThatItIsAboutToWrite() throws IOException {
        nightly("monday", Map.of("a", "tea"));
        AisleRun refused = nightly("tuesday", Map.of("b", "!!"));
        assertThat(refused.exitCode()).isEqualTo(4);

        AisleRun again = classify("tuesday", Map.of("a", "tea"), "--previous", "tuesday");

        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err())
                .isEqualTo(
                        "Cannot carry over from the run file:" + run("tuesday")
                                + ": found the run that is about to be written, expected an earlier one. Choose another --run-id.\n");
        assertThat(run("tuesday").resolve("manifest.json")).exists();
    }

    @Test
    void dryRunSaysWhatWouldBeCarriedOver() throws IOException {
        AisleRun run = nightly("monday", Map.of("a", "tea"), "--max-scored-rows", "7", "--dry-run");

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

    private AisleRun nightly(String runId, Map<String, String> titles, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--previous", "CURRENT"));
        Collections.addAll(all, options);
        return classify(runId, titles, all.toArray(String[]::new));
    }

    private AisleRun classify(String runId, Map<String, String> titles, String... options) throws IOException {
        List<String> lines = new ArrayList<>();
        titles.forEach((id, title) -> lines.add("{\"asin\": \"" + id + "\", \"title\": \"" + title + "\"}"));
        Path input = Files.write(temporary.resolve(runId + ".jsonl"), lines);
        List<String> arguments = new ArrayList<>(
                List.of("classify", "--input", input.toString(), "--output", output().toString(), "--run-id", runId));
        List<String> given = List.of(options);
        if (!given.contains("--model")) {
            Collections.addAll(
                    arguments, "--model", HandMadeBundle.get().directory().toString());
        }
        Collections.addAll(arguments, "--set", "classify.engine=onnx");
        arguments.addAll(given);
        return AisleRun.of(arguments.toArray(String[]::new));
    }

    private Path output() {
        return temporary.resolve("output");
    }

    private Path run(String runId) {
        return output().resolve("runs").resolve(runId);
    }

    private String currentRun() throws IOException {
        return new ObjectMapper()
                .readTree(output().resolve("CURRENT").toFile())
                .get("run_id")
                .asText();
    }

    private JsonNode json(String runId, String name) throws IOException {
        return new ObjectMapper().readTree(run(runId).resolve(name).toFile());
    }

    private Map<String, Row> predictions(String runId) {
        Map<String, Row> predictions = new TreeMap<>();
        for (Row row : TestSession.get()
                .read()
                .parquet(run(runId).resolve("predictions").toString())
                .collectAsList()) {
            assertThat(predictions.put(row.getAs("id"), row)).isNull();
        }
        return predictions;
    }
}
