package io.aisle.batch.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten products whose answers are known: a word alone gives its label 8/9 and the two others 1/18 each; product 10 has no such word, so
 * that all get 1/3 and the first, Tea, is named.
 *
 * <pre>
 * truth \ named   Tea          Lamps    Tools > other
 * Tea             1, 2, 10     3
 * Lamps                        4, 5     6
 * Tools > other   9                     7
 * Tools > Anvils                        8               folded into Tools > other
 * </pre>
 */
@TestInstance(Lifecycle.PER_CLASS)
class EvaluateJobTest {
    private static final double SURE = 8 / 9.0;
    private static final double UNSURE = 1 / 18.0;
    private static final List<String> TEN = List.of(
            line(1, "tea", "Grocery", "Tea"),
            line(2, "Tea", "Grocery", "Tea"),
            line(3, "lamp", "Grocery", "Tea"),
            line(4, "lamp", "Home", "Lamps"),
            line(5, "LAMP", "Home", "Lamps"),
            line(6, "drill", "Home", "Lamps"),
            line(7, "drill", "Tools", "other"),
            line(8, "drill", "Tools", "Anvils"),
            line(9, "tea", "Tools", "other"),
            line(10, "gadget", "Grocery", "Tea"));

    @TempDir
    static Path temporary;

    private AisleRun run;
    private JsonNode report;

    @BeforeAll
    void evaluateOnce() throws IOException {
        List<String> lines = new ArrayList<>(TEN);
        lines.add(3, line(1, "tea", "Grocery", "Tea"));
        lines.add(5, "{\"asin\": \"11\", \"title\": \"tea\"}");
        lines.add("{\"asin\": \"12\", \"title\": \"tea\", ");
        lines.add("{\"asin\": \"13\", \"title\": \"---\", \"category\": [\"Home\", \"Lamps\"]}");
        lines.add(line(14, "tea", "Garden", "Gnomes"));
        run = evaluate(lines, "golden", "--max-unknown-labels", "0.1");
        assertThat(run.exitCode()).as(run.err()).isZero();
        report = report("golden");
    }

    @Test
    void countsWhereEveryRecordWent() {
        Map<String, Long> rows = new HashMap<>();
        report.get("rows")
                .fields()
                .forEachRemaining(
                        entry -> rows.put(entry.getKey(), entry.getValue().asLong()));

        assertThat(rows)
                .isEqualTo(Map.of(
                        "rows_in", 15L,
                        "evaluated", 10L,
                        "unknown_label", 1L,
                        "unlabelled", 1L,
                        "quarantined", 2L,
                        "duplicates", 1L));
        assertThat(run.out()).contains("1 rows have a label that the model does not know: Garden > Gnomes (1)");
        assertThat(TestSession.get()
                        .read()
                        .parquet(temporary.resolve("golden/quarantine").toString())
                        .collectAsList())
                .extracting(row -> row.getAs("reason"))
                .containsExactlyInAnyOrder("unparsable", "no_text");
    }

    @Test
    void measuresWhatCanBeWorkedOutByHand() {
        assertMetric("accuracy", 7 / 10.0);
        assertMetric("weighted_f1", (4 * 3 / 4.0 + 3 * 2 / 3.0 + 3 * 2 / 3.0) / 10);
        assertMetric("macro_f1", (3 / 4.0 + 2 / 3.0 + 2 / 3.0) / 3);
        assertMetric("micro_f1", 7 / 10.0);
        assertMetric("weighted_precision", 7 / 10.0);
        assertMetric("macro_precision", (3 / 4.0 + 2 / 3.0 + 2 / 3.0) / 3);
        assertMetric("micro_precision", 7 / 10.0);
        assertMetric("weighted_recall", 7 / 10.0);
        assertMetric("macro_recall", (3 / 4.0 + 2 / 3.0 + 2 / 3.0) / 3);
        assertMetric("micro_recall", 7 / 10.0);
        assertMetric("top_3_accuracy", 1);
        assertMetric("top_5_accuracy", 1);
        assertMetric("log_loss", -(6 * Math.log(SURE) + 3 * Math.log(UNSURE) + Math.log(1 / 3.0)) / 10);
        // nine rows of confidence 8/9, six of them right, and one of 1/3 that is right
        assertMetric("expected_calibration_error", ((9 * SURE - 6) + (1 - 1 / 3.0)) / 10);
    }

    @Test
    void saysWhatAcceptingMeansOnRowsThatDidNotChooseTheThreshold() {
        // all but product 10 are at 8/9, over the threshold of 0.7
        assertMetric("accepted_share", 9 / 10.0);
        assertMetric("accepted_precision", 6 / 9.0);
        // and nothing is gained by backing off, since no two labels share a category
        assertMetric("back_off_accepted_share", 9 / 10.0);
        assertMetric("back_off_accepted_precision", 6 / 9.0);
        JsonNode precision = report.get("metrics").get("accepted_precision");
        assertThat(precision.get("lower_95").asDouble()).isEqualTo(0.3542, within(5e-5));
        assertThat(precision.get("upper_95").asDouble()).isEqualTo(0.8794, within(5e-5));
        assertThat(report.get("accept_threshold").asDouble()).isEqualTo(HandMadeBundle.ACCEPT_THRESHOLD);
        assertThat(report.get("target_precision").asDouble()).isEqualTo(0.92);
        assertThat(run.out())
                .contains("accepted is confidence 0.700 and more, chosen on validation for a precision of 0.92");
    }

    @Test
    void precisionOfNothingAcceptedIsUndefinedAndNoted() throws IOException {
        AisleRun unsure = evaluate(TEN.subList(9, 10), "unsure");

        assertThat(unsure.exitCode()).as(unsure.err()).isZero();
        JsonNode metrics = report("unsure").get("metrics");
        assertThat(metrics.get("accepted_share").get("value").asDouble()).isZero();
        assertThat(metrics.get("accepted_precision").get("value").isNull()).isTrue();
        assertThat(metrics.get("accepted_precision").has("lower_95")).isFalse();
        assertThat(unsure.out())
                .contains("note: accepted precision is undefined: no row reaches the accept threshold 0.700");
        assertParquetEqualsJson("unsure", report("unsure"));
    }

    @Test
    void ranksEachLabelsRowsAboveTheOthers() {
        // of Tea's 4 · 6 pairs: 1 and 2 beat all but 9, which they tie with; 3 ties with five; 10 beats five
        double tea = (5.5 + 5.5 + 2.5 + 5) / 24;
        // of Lamps' 3 · 7 pairs: 4 and 5 beat all but 3, which they tie with; 6 ties with five
        double lamps = (6.5 + 6.5 + 2.5) / 21;
        // likewise 7 and 8 with 6; 9 ties with five
        double tools = (6.5 + 6.5 + 2.5) / 21;

        assertThat(ofClass("Grocery > Tea", "auc")).isEqualTo(tea, within(1e-9));
        assertThat(ofClass("Home > Lamps", "auc")).isEqualTo(lamps, within(1e-9));
        assertThat(ofClass("Tools > other", "auc")).isEqualTo(tools, within(1e-9));
        assertMetric("weighted_auc", (4 * tea + 3 * lamps + 3 * tools) / 10);
    }

    @Test
    void measuresEachClass() {
        assertThat(report.get("classes")).hasSize(3);
        assertThat(ofClass("Grocery > Tea", "precision")).isEqualTo(3 / 4.0, within(1e-9));
        assertThat(ofClass("Grocery > Tea", "recall")).isEqualTo(3 / 4.0, within(1e-9));
        assertThat(ofClass("Grocery > Tea", "f1")).isEqualTo(3 / 4.0, within(1e-9));
        assertThat(ofClass("Grocery > Tea", "support")).isEqualTo(4);
        assertThat(ofClass("Grocery > Tea", "predicted")).isEqualTo(4);
        assertThat(ofClass("Tools > other", "f1")).isEqualTo(2 / 3.0, within(1e-9));
        assertThat(ofClass("Tools > other", "support")).isEqualTo(3);
    }

    @Test
    void measuresUnfoldedTruthsToo() {
        // product 8 is never right now; Tools > other has two rows and three namings, one of them right; Tools > Saws
        // has no row
        assertMetric("unfolded_accuracy", 6 / 10.0);
        assertMetric("unfolded_weighted_f1", (4 * 3 / 4.0 + 3 * 2 / 3.0 + 2 * 2 / 5.0 + 0) / 10);
        assertMetric("unfolded_macro_f1", (3 / 4.0 + 2 / 3.0 + 2 / 5.0 + 0) / 4);
    }

    @Test
    void listsTheConfusions() throws IOException {
        assertThat(report.get("confusions")).isEqualTo(new ObjectMapper().readTree("""
                                [{"truth": "Grocery > Tea", "predicted": "Home > Lamps", "rows": 1},
                                 {"truth": "Home > Lamps", "predicted": "Tools > other", "rows": 1},
                                 {"truth": "Tools > other", "predicted": "Grocery > Tea", "rows": 1}]
                                """));
    }

    @Test
    void reliabilityHoldsEveryRowOnce() {
        Map<Long, Double> accuracyByRows = new HashMap<>();
        for (JsonNode bin : report.get("reliability")) {
            if (bin.get("rows").asLong() > 0) {
                accuracyByRows.put(bin.get("rows").asLong(), bin.get("accuracy").asDouble());
            } else {
                assertThat(bin.get("accuracy").isNull()).isTrue();
            }
        }
        assertThat(accuracyByRows).isEqualTo(Map.of(9L, 6 / 9.0, 1L, 1.0));
    }

    @Test
    void intervalsHoldTheirValues() {
        for (String name : List.of("accuracy", "weighted_f1", "macro_f1", "micro_f1")) {
            JsonNode metric = report.get("metrics").get(name);
            assertThat(metric.get("value").asDouble())
                    .as(name)
                    .isBetween(
                            metric.get("lower_95").asDouble(),
                            metric.get("upper_95").asDouble());
            assertThat(metric.get("lower_95").asDouble()).as(name).isBetween(0.05, 0.6);
        }
        assertThat(report.get("metrics").get("log_loss").has("lower_95")).isFalse();
    }

    @Test
    void printsTheHeadlineAndTheWorstClasses() {
        assertThat(run.out())
                .contains("10 rows evaluated with model " + HandMadeBundle.get().version())
                .containsPattern("accuracy +0\\.7000 +0\\.\\d{4} – ")
                .containsPattern("unfolded_accuracy +0\\.6000\n")
                .containsPattern("Home > Lamps +0\\.6667 +0\\.6667 +0\\.6667 +3\n")
                .contains("metrics: file:" + temporary.resolve("golden/metrics.json"));
    }

    @Test
    void parquetHoldsTheNumbersOfTheJson() {
        assertParquetEqualsJson("golden", report);
    }

    @Test
    void preparedDataGivesTheSameNumbersAsTheRawCatalog() throws IOException {
        Path catalog = Files.write(temporary.resolve("ten.jsonl"), TEN);
        Path prepared = temporary.resolve("prepared");
        AisleRun.succeeding(
                "prepare",
                "--input",
                catalog.toString(),
                "--min-class-size",
                "1",
                "--split",
                "1,0,0",
                "--output",
                prepared.toString());

        AisleRun again = evaluate(prepared.resolve("train"), "of-prepared");

        assertThat(again.exitCode()).as(again.err()).isZero();
        JsonNode ofPrepared = report("of-prepared");
        assertThat(ofPrepared.get("metrics")).isEqualTo(report.get("metrics"));
        assertThat(ofPrepared.get("classes")).isEqualTo(report.get("classes"));
        assertThat(ofPrepared.get("rows").get("evaluated").asLong()).isEqualTo(10);
        assertThat(ofPrepared.get("rows").get("rows_in").asLong()).isEqualTo(10);
    }

    @Test
    void sparesUnfoldedMetricsWhereNothingWasFoldedAndSaysNullWhereSomethingIsUndefined() throws IOException {
        AisleRun few = evaluate(TEN.subList(0, 5), "few");

        assertThat(few.exitCode()).as(few.err()).isZero();
        JsonNode ofFew = report("few");
        assertThat(ofFew.get("metrics").fieldNames())
                .toIterable()
                .noneMatch(name -> name.startsWith("unfolded"))
                .contains("accuracy");
        assertThat(few.out()).doesNotContain("unfolded");
        JsonNode tools = ofClass(ofFew, "Tools > other");
        for (String undefined : List.of("precision", "recall", "f1", "auc")) {
            assertThat(tools.get(undefined).isNull()).as(undefined).isTrue();
        }
        assertThat(ofFew.get("notes"))
                .extracting(JsonNode::asText)
                .contains(
                        "macro F1 averages 2 of 3 classes: 1 has neither rows nor predictions",
                        "AUC averages 2 of 3 classes: 1 has no rows, or nothing else has");
        assertParquetEqualsJson("few", ofFew);
    }

    @Test
    void undefinedHeadlineIsNullAndNotAvailable() throws IOException {
        AisleRun one = evaluate(TEN.subList(0, 2), "one-class");

        assertThat(one.exitCode()).as(one.err()).isZero();
        JsonNode metric = report("one-class").get("metrics").get("weighted_auc");
        assertThat(metric.get("value").isNull()).isTrue();
        assertThat(one.out()).containsPattern("weighted_auc +n/a");
        assertParquetEqualsJson("one-class", report("one-class"));
    }

    private void assertParquetEqualsJson(String name, JsonNode json) {
        Map<String, List<Double>> expected = new HashMap<>();
        json.get("metrics")
                .fields()
                .forEachRemaining(metric -> expected.put(
                        metric.getKey(),
                        Arrays.asList(
                                number(metric.getValue(), "value"),
                                number(metric.getValue(), "lower_95"),
                                number(metric.getValue(), "upper_95"))));
        for (JsonNode entry : json.get("classes")) {
            for (String measure : List.of("precision", "recall", "f1", "auc", "support", "predicted")) {
                expected.put(
                        measure + " of " + entry.get("label").asText(),
                        Arrays.asList(number(entry, measure), null, null));
            }
        }
        Map<String, List<Double>> found = new HashMap<>();
        for (Row row : TestSession.get()
                .read()
                .parquet(temporary.resolve(name + "/metrics").toString())
                .collectAsList()) {
            String metric = row.getAs("metric");
            String category = row.getAs("category");
            found.put(
                    category == null ? metric : metric + " of " + category,
                    Arrays.asList(row.getAs("value"), row.getAs("lower_95"), row.getAs("upper_95")));
            assertThat((String) row.getAs("model_version"))
                    .isEqualTo(HandMadeBundle.get().version());
        }
        assertThat(found).isEqualTo(expected);
    }

    private static Double number(JsonNode node, String name) {
        return node.path(name).isNumber() ? (Double) node.get(name).asDouble() : null;
    }

    private void assertMetric(String name, double expected) {
        assertThat(report.get("metrics").get(name).get("value").asDouble())
                .as(name)
                .isEqualTo(expected, within(1e-6));
    }

    private double ofClass(String label, String measure) {
        return ofClass(report, label).get(measure).asDouble();
    }

    private static JsonNode ofClass(JsonNode report, String label) {
        return StreamSupport.stream(report.get("classes").spliterator(), false)
                .filter(entry -> entry.get("label").asText().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode report(String name) throws IOException {
        return new ObjectMapper()
                .readTree(temporary.resolve(name + "/metrics.json").toFile());
    }

    private AisleRun evaluate(List<String> lines, String name, String... options) throws IOException {
        return evaluate(Files.write(temporary.resolve(name + ".jsonl"), lines), name, options);
    }

    private AisleRun evaluate(Path input, String name, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "evaluate",
                "--model",
                HandMadeBundle.get().directory().toString(),
                "--input",
                input.toString(),
                "--output",
                temporary.resolve(name).toString()));
        arguments.addAll(List.of(options));
        return AisleRun.of(arguments.toArray(String[]::new));
    }

    private static String line(int id, String title, String root, String leaf) {
        return "{\"asin\": \"%d\", \"title\": \"%s\", \"category\": [\"%s\", \"%s\"]}".formatted(id, title, root, leaf);
    }
}
