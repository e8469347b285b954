package io.aisle.batch.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import io.aisle.batch.storage.Pointer;
import io.aisle.core.product.Product;
import io.aisle.core.storage.LocalObjectStore;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifyJobTest {
    /** Which products there are, and what {@link HandMadeBundle} says of them; it accepts from 0.7. */
    private static final List<String> CATALOG = List.of(
            "{\"asin\": \"a\", \"title\": \"Tea\"}",
            "{\"asin\": \"b\", \"title\": \"red\", \"brand\": \"\", \"description\": [\"\"], \"feature\": null,"
                    + " \"category\": [\"Home\", \"Lamps\"]}",
            "{\"asin\": \"c\", \"title\": \"red &amp; lamp\", \"description\": [\"so\"]}",
            "{\"asin\": \"d\", \"title\": \"---\"}",
            "{\"asin\": \"e\", ",
            "{\"asin\": \"a\", \"title\": \"Tea\"}",
            "{\"asin\": \"f\", \"title\": \"red drill\"}");

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"spark-nlp", "onnx"})
    void publishesWhatTheBundleSaysOfEveryProduct(String engine) throws IOException {
        AisleRun run = classify(CATALOG, "--run-id", "golden", "--engine", engine);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(TestSession.get()
                        .read()
                        .parquet(path("predictions"))
                        .schema()
                        .simpleString())
                .isEqualTo("struct<id:string,category:string,category_path:array<string>,confidence:float,"
                        + "top:array<struct<category:string,category_path:array<string>,confidence:float>>,"
                        + "decision:string,reason:string,model_version:string,content_hash:string,run_id:string,"
                        + "scored_run_id:string,carried:boolean,filled:array<string>,characters:int,words:int,"
                        + "unknown_words:int>");
        Map<String, Row> predictions = predictions();
        assertThat(predictions).containsOnlyKeys("a", "b", "c", "f");
        // one word alone; no word that it knows; the second of five tokens besides [CLS] and [SEP]; one of two words
        assertPrediction(predictions.get("a"), List.of("Grocery", "Tea"), 8 / 9f, "accepted", "");
        assertPrediction(
                predictions.get("b"),
                List.of("Grocery", "Tea"),
                1 / 3f,
                "review",
                "confidence 0.33 is under the accept threshold 0.70");
        float ofSeven = (float) (1 / (1 + 2 * Math.pow(2, -12 / 7.0)));
        assertPrediction(
                predictions.get("c"),
                List.of("Home", "Lamps"),
                ofSeven,
                "review",
                "confidence 0.62 is under the accept threshold 0.70");
        assertPrediction(predictions.get("f"), List.of("Tools", "other"), 4 / 5f, "accepted", "");
        List<Row> top = predictions.get("f").getList(predictions.get("f").fieldIndex("top"));
        assertThat(top)
                .extracting(row -> row.getList(1))
                .isEqualTo(List.of(List.of("Tools", "other"), List.of("Grocery", "Tea"), List.of("Home", "Lamps")));
        assertThat(top).extracting(row -> row.getString(0)).containsExactly("other", "Tea", "Lamps");
        assertThat(top.get(0).getFloat(2)).isEqualTo(4 / 5f, within(1e-5f));
        assertThat(top.get(1).getFloat(2)).isEqualTo(1 / 10f, within(1e-5f));
        assertThat((String) predictions.get("c").getAs("content_hash"))
                .isEqualTo(TextRecipe.standard().contentHash(new Product("c", "red & lamp", "", "so", "")));
    }

    @Test
    void listsAsManyCandidatesAsAsked() throws IOException {
        AisleRun run = classify(CATALOG, "--run-id", "golden", "--engine", "onnx", "--set", "classify.top=1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        for (Row prediction : predictions().values()) {
            List<Row> top = prediction.getList(prediction.fieldIndex("top"));
            assertThat(top).hasSize(1);
            assertThat(top.get(0).getString(0)).isEqualTo(prediction.getAs("category"));
            assertThat(top.get(0).getFloat(2)).isEqualTo((float) prediction.getAs("confidence"));
        }
    }

    @Test
    void writesReviewQuarantineDuplicatesMetricsAndManifestBesideThePredictions() throws IOException {
        AisleRun run = classify(CATALOG, "--run-id", "golden", "--engine", "onnx");

        assertThat(run.exitCode()).as(run.err()).isZero();
        Map<String, JsonNode> review = review();
        assertThat(review).containsOnlyKeys("b", "c");
        assertThat(review.get("c").get("title").asText()).isEqualTo("red & lamp");
        assertThat(review.get("c").get("description").asText()).isEqualTo("so");
        Map<String, Row> predictions = predictions();
        review.forEach((id, line) -> {
            for (String column : List.of("category", "decision", "reason", "content_hash", "model_version", "run_id")) {
                assertThat(line.get(column).asText())
                        .as(column)
                        .isEqualTo(predictions.get(id).getAs(column));
            }
            assertThat(line.get("confidence").floatValue())
                    .isEqualTo((float) predictions.get(id).getAs("confidence"));
            assertThat(line.get("top")).hasSize(3);
        });
        assertThat(TestSession.get().read().parquet(path("quarantine")).collectAsList())
                .extracting(row -> row.getAs("reason"))
                .containsExactlyInAnyOrder("no_text", "unparsable");
        assertThat(TestSession.get().read().parquet(path("duplicates")).collectAsList())
                .extracting(row -> row.getAs("id"))
                .containsExactly("a");

        JsonNode manifest = json("manifest.json");
        assertThat(manifest.get("rows"))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"rows_in\": 7, \"scored\": 4, \"carried\": 0, \"quarantined\": 2,"
                                + " \"duplicates\": 1, \"review\": 2}"));
        assertThat(manifest.get("quarantine"))
                .isEqualTo(new ObjectMapper().readTree("{\"no_text\": 1, \"unparsable\": 1}"));
        assertThat(manifest.get("run_id").asText()).isEqualTo("golden");
        assertThat(manifest.get("previous").isNull()).isTrue();
        assertThat(manifest.get("schema_version").asInt()).isEqualTo(2);
        assertThat(manifest.get("model_version").asText())
                .isEqualTo(HandMadeBundle.get().version());
        assertThat(manifest.get("model_hash").asText())
                .isEqualTo(HandMadeBundle.get().hash());
        assertThat(manifest.get("engine").asText()).isEqualTo("onnx");
        assertThat(manifest.get("accept_threshold").asDouble()).isEqualTo(HandMadeBundle.ACCEPT_THRESHOLD);

        Map<String, Double> metrics = new HashMap<>();
        json("metrics.json")
                .fields()
                .forEachRemaining(
                        metric -> metrics.put(metric.getKey(), metric.getValue().asDouble()));
        assertThat(metrics).containsEntry("rows_in", 7.0).containsEntry("review_share", 0.5);
        Map<String, Double> rows = new HashMap<>();
        TestSession.get()
                .read()
                .parquet(path("metrics"))
                .collectAsList()
                .forEach(row -> rows.put(row.getString(0), row.getDouble(1)));
        assertThat(rows).isEqualTo(metrics);
        assertThat(run.out())
                .contains("read 7 records, 2 quarantined")
                .containsPattern("\n  quarantined 1: [a-z_]+\n")
                .containsPattern("red & lamp +Home > Lamps +0\\.621 +review")
                .contains("published run golden: file:" + output().resolve("runs/golden"));
    }

    @Test
    void eachRunFollowsTheOneBefore() throws IOException {
        assertThat(classify(CATALOG, "--run-id", "monday", "--engine", "onnx").exitCode())
                .isZero();
        assertThat(current()).startsWith("{\"sequence\":1,\"run_id\":\"monday\",\"previous\":null,");

        assertThat(classify(CATALOG, "--run-id", "tuesday", "--engine", "onnx").exitCode())
                .isZero();
        assertThat(current()).startsWith("{\"sequence\":2,\"run_id\":\"tuesday\",\"previous\":\"monday\",");
        assertThat(new ObjectMapper()
                        .readTree(output().resolve("runs/tuesday/manifest.json").toFile())
                        .get("previous")
                        .asText())
                .isEqualTo("monday");
    }

    @Test
    void sameRunIdAgainSaysSoAndChangesNothing() throws IOException {
        classify(CATALOG, "--run-id", "golden", "--engine", "onnx");
        classify(CATALOG, "--run-id", "later", "--engine", "onnx");
        Map<String, String> before = tree();

        AisleRun current = classify(CATALOG, "--run-id", "later", "--engine", "onnx");
        AisleRun earlier = classify(CATALOG, "--run-id", "golden", "--engine", "onnx");

        assertThat(current.exitCode()).isZero();
        assertThat(current.out())
                .isEqualTo("run later is published already: file:" + output().resolve("runs/later") + "\n");
        assertThat(earlier.exitCode()).isZero();
        assertThat(earlier.out())
                .isEqualTo("run golden is published already: file:" + output().resolve("runs/golden") + "\n");
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void unfinishedRunIsCleanedAndDoneAgain() throws IOException {
        Path left = Files.createDirectories(output().resolve("runs/golden/predictions"));
        Files.writeString(left.resolve("part-0.parquet"), "half a file");

        AisleRun run = classify(CATALOG, "--run-id", "golden", "--engine", "onnx");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("removed what an unfinished run golden had left\n");
        assertThat(left.resolve("part-0.parquet")).doesNotExist();
        assertThat(predictions()).hasSize(4);
    }

    @Test
    void runThatAnotherOvertookIsWholeButNotPublished() throws IOException {
        classify(CATALOG, "--run-id", "monday", "--engine", "onnx");

        AisleRun run = classify(
                whenRead(() -> Pointer.read(new LocalObjectStore(output()))
                        .publish("faster", "publish", "", OptionalInt.empty())),
                CATALOG,
                "--run-id",
                "golden",
                "--engine",
                "onnx");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .isEqualTo("Cannot publish golden: found that another one was published since this one started,"
                        + " expected monday to be current still. Nothing was changed; run again to build on the newer"
                        + " one.\n");
        assertThat(run.out()).doesNotContain("published run");
        assertThat(current()).startsWith("{\"sequence\":2,\"run_id\":\"faster\",\"previous\":\"monday\",");
        // everything else was there before the pointer was to be swapped
        assertThat(json("manifest.json").get("run_id").asText()).isEqualTo("golden");
        assertThat(predictions()).hasSize(4);
    }

    @Test
    void rowsThatDoNotAddUpAreNotPublished() throws IOException {
        // the catalog loses a row between its two readings: the executors lost their copy, and the file changed
        AisleRun run = classify(
                whenRead(() -> {
                    TestSession.get().catalog().clearCache();
                    String all = Files.readString(input());
                    Files.writeString(
                            input(),
                            all.replace(
                                    CATALOG.get(6), " ".repeat(CATALOG.get(6).length())));
                }),
                CATALOG,
                "--run-id",
                "golden",
                "--engine",
                "onnx");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .contains("Cannot publish: found 6 rows written, expected 7"
                        + " (rows_in = scored + carried + quarantined + duplicates); {rows_in=7, scored=3, carried=0,"
                        + " quarantined=2, duplicates=1}");
        assertThat(output().resolve("CURRENT")).doesNotExist();
        assertThat(output().resolve("runs/golden/manifest.json")).doesNotExist();
    }

    @Test
    void catalogWithoutRowsGivesWholeAndEmptyRun() throws IOException {
        AisleRun run = classify(List.of(), "--run-id", "golden", "--engine", "spark-nlp");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(predictions()).isEmpty();
        assertThat(review()).isEmpty();
        assertThat(json("manifest.json").get("rows").get("rows_in").asLong()).isZero();
        assertThat(json("metrics.json").has("mean_confidence")).isFalse();
        assertThat(current()).contains("\"run_id\":\"golden\"");
    }

    @Test
    void catalogOfNothingButRubbishGivesEmptyRunWithQuarantine() throws IOException {
        AisleRun run = classify(CATALOG.subList(3, 5), "--run-id", "golden", "--engine", "onnx");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(predictions()).isEmpty();
        assertThat(TestSession.get().read().parquet(path("quarantine")).count()).isEqualTo(2);
    }

    @Test
    void namesRunByTheTimeWhereNoIdIsGiven() throws IOException {
        AisleRun run = classify(CATALOG, "--engine", "onnx");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(current()).containsPattern("\"run_id\":\"\\d{8}T\\d{9}Z\"");
    }

    private void assertPrediction(Row row, List<String> category, float confidence, String decision, String reason) {
        assertThat(row.getList(row.fieldIndex("category_path"))).isEqualTo(category);
        assertThat((String) row.getAs("category")).isEqualTo(category.get(category.size() - 1));
        assertThat((float) row.getAs("confidence")).isEqualTo(confidence, within(1e-5f));
        assertThat((String) row.getAs("decision")).isEqualTo(decision);
        assertThat((String) row.getAs("reason")).isEqualTo(reason);
        assertThat((String) row.getAs("model_version"))
                .isEqualTo(HandMadeBundle.get().version());
        assertThat((String) row.getAs("run_id")).isEqualTo("golden");
        assertThat((String) row.getAs("scored_run_id")).isEqualTo("golden");
        assertThat((boolean) row.getAs("carried")).isFalse();
    }

    /** Something that another process does once the job has read its catalog. */
    private static Consumer<String> whenRead(Interference interference) {
        return line -> {
            if (line.startsWith("read ")) {
                try {
                    interference.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private interface Interference {
        void run() throws IOException;
    }

    private AisleRun classify(List<String> lines, String... options) throws IOException {
        return classify(line -> {}, lines, options);
    }

    private AisleRun classify(Consumer<String> whenSaid, List<String> lines, String... options) throws IOException {
        Files.write(input(), lines);
        List<String> arguments = new ArrayList<>(List.of(
                "classify",
                "--model",
                HandMadeBundle.get().directory().toString(),
                "--input",
                input().toString(),
                "--output",
                output().toString()));
        Collections.addAll(arguments, options);
        return AisleRun.of(whenSaid, arguments.toArray(String[]::new));
    }

    private Path input() {
        return temporary.resolve("catalog.jsonl");
    }

    private Path output() {
        return temporary.resolve("output");
    }

    private String current() throws IOException {
        return Files.readString(output().resolve("CURRENT"));
    }

    /** What run golden wrote. */
    private String path(String name) {
        return output().resolve("runs/golden").resolve(name).toString();
    }

    private JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(Path.of(path(name)).toFile());
    }

    private Map<String, Row> predictions() {
        Map<String, Row> predictions = new TreeMap<>();
        for (Row row : TestSession.get().read().parquet(path("predictions")).collectAsList()) {
            assertThat(predictions.put(row.getAs("id"), row)).isNull();
        }
        return predictions;
    }

    private Map<String, JsonNode> review() throws IOException {
        Map<String, JsonNode> review = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(path("review")))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json.gz")).toList()) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                    String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    for (String line : lines.lines().toList()) {
                        JsonNode prediction = new ObjectMapper().readTree(line);
                        review.put(prediction.get("id").asText(), prediction);
                    }
                }
            }
        }
        return review;
    }

    /** Every file below the output, with its time. */
    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(output())) {
            for (Path path : paths.toList()) {
                tree.put(path.toString(), Files.getLastModifiedTime(path).toString());
            }
        }
        return tree;
    }
}
