package io.aisle.batch.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nights of one output, looked at. */
class MonitorJobTest {
    private static final int ROWS = 600;
    private static Path nights;

    @TempDir
    Path temporary;

    private Path output;

    @BeforeAll
    static void runTwoNights() throws IOException {
        Path directory = Fixtures.fresh("monitor");
        nights = directory.resolve("output");
        List<String> lines = new ArrayList<>();
        TestSession.get()
                .read()
                .textFile(TrainedBundle.catalog().toString())
                .toLocalIterator()
                .forEachRemaining(lines::add);
        Set<String> ids = new HashSet<>();
        List<String> usable = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        for (String line : lines) {
            // the generator breaks some on purpose, and repeats some
            if (line.startsWith("{")
                    && line.endsWith("}")
                    && line.contains("\"title\":\"")
                    && ids.add(line.substring(0, 20))) {
                usable.add(line);
            }
        }
        List<String> first = usable.subList(0, ROWS);
        List<String> second = new ArrayList<>();
        for (String line : first.subList(10, ROWS)) {
            // every other product loses its brand
            second.add(second.size() % 2 == 0 ? withoutBrand(mapper, line) : line);
        }
        second.addAll(usable.subList(ROWS, ROWS + 20));
        classify("monday", Files.write(directory.resolve("monday.jsonl"), first));
        classify("tuesday", Files.write(directory.resolve("tuesday.jsonl"), second), "--previous", "CURRENT");
    }

    private static String withoutBrand(ObjectMapper mapper, String line) throws IOException {
        JsonNode product = mapper.readTree(line);
        ((ObjectNode) product).remove("brand");
        return mapper.writeValueAsString(product);
    }

    private static void classify(String runId, Path input, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "classify",
                "--model",
                TrainedBundle.get().directory().toString(),
                "--input",
                input.toString(),
                "--run-id",
                runId,
                "--output",
                nights.toString(),
                "--engine",
                "onnx"));
        Collections.addAll(arguments, more);
        AisleRun.succeeding(arguments.toArray(String[]::new));
    }

    @BeforeEach
    void copiesTheNights() throws IOException {
        output = Fixtures.copy(nights, temporary.resolve("output"));
    }

    @Test
    void namesTheFieldThatWasEmptiedAndKeepsHistoryAndReport() throws IOException {
        AisleRun run = monitor(output.toString(), "previous", "report");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).containsPattern("fail: brand is filled in \\d+\\.\\d% of rows, \\d+\\.\\d% before");
        JsonNode report = report("report");
        assertThat(report.at("/run/name").asText()).isEqualTo("tuesday");
        assertThat(report.at("/baseline/name").asText()).isEqualTo("monday");
        assertThat(report.at("/level").asText()).isEqualTo("fail");
        assertThat(report.at("/findings/0/sentence").asText()).startsWith("brand is filled in ");
        assertThat(temporary.resolve("report/monitor.html")).isRegularFile();
        List<Row> history = history();
        assertThat(history).singleElement().satisfies(row -> {
            assertThat((String) row.getAs("run_id")).isEqualTo("tuesday");
            assertThat((long) row.getAs("rows"))
                    .isEqualTo(predictions("tuesday").size());
            assertThat((double) row.getAs("unknown_words")).isBetween(0.0, 0.2);
        });
    }

    @Test
    void numbersAreThoseOfPlainCounts() throws IOException {
        assertThat(monitor(output.toString(), "previous", "report").exitCode()).isZero();

        JsonNode report = report("report");
        Map<String, Row> monday = predictions("monday");
        Map<String, Row> tuesday = predictions("tuesday");
        long filled = 0;
        long words = 0;
        long unknown = 0;
        long review = 0;
        Map<String, Long> classes = new TreeMap<>();
        Map<String, Long> causes = new TreeMap<>();
        long moved = 0;
        for (Row row : tuesday.values()) {
            filled += row.getList(row.fieldIndex("filled")).contains("brand") ? 1 : 0;
            words += (int) row.getAs("words");
            unknown += (int) row.getAs("unknown_words");
            review += row.getAs("decision").equals("review") ? 1 : 0;
            classes.merge(row.getList(row.fieldIndex("category_path")).toString(), 1L, Long::sum);
            Row was = monday.get((String) row.getAs("id"));
            String cause = was == null
                    ? "new"
                    : was.getAs("content_hash").equals(row.getAs("content_hash")) ? "neither" : "product";
            causes.merge(cause, 1L, Long::sum);
            moved += was != null
                            && !was.getList(was.fieldIndex("category_path"))
                                    .equals(row.getList(row.fieldIndex("category_path")))
                    ? 1
                    : 0;
        }
        causes.put(
                "gone",
                monday.keySet().stream().filter(id -> !tuesday.containsKey(id)).count());

        assertThat(report.at("/run/rows").asLong()).isEqualTo(tuesday.size());
        assertThat(report.at("/run/review").asLong()).isEqualTo(review);
        assertThat(report.at("/run/words").asLong()).isEqualTo(words);
        assertThat(report.at("/run/unknown_words").asLong()).isEqualTo(unknown);
        assertThat(report.at("/fill/1/field").asText()).isEqualTo("brand");
        assertThat(report.at("/fill/1/now").asDouble()).isEqualTo((double) filled / tuesday.size());
        Map<String, Long> reported = new TreeMap<>();
        for (JsonNode of : report.get("classes")) {
            List<String> path = new ArrayList<>();
            of.get("path").forEach(name -> path.add(name.asText()));
            if (of.get("rows").asLong() > 0) {
                reported.put(path.toString(), of.get("rows").asLong());
            }
        }
        assertThat(reported).isEqualTo(classes);
        Map<String, Long> flow = new TreeMap<>();
        long flowMoved = 0;
        for (JsonNode of : report.at("/flow/causes")) {
            flow.put(of.get("cause").asText(), of.get("rows").asLong());
            flowMoved += List.of("new", "gone").contains(of.get("cause").asText())
                    ? 0
                    : of.get("moved").asLong();
        }
        assertThat(flow).isEqualTo(causes).containsEntry("new", 20L).containsEntry("gone", 10L);
        assertThat(flowMoved).isEqualTo(moved);
        long inMoves = report.at("/flow/rows_left_out").asLong();
        for (JsonNode of : report.at("/flow/moves")) {
            inMoves += of.get("rows").asLong();
        }
        assertThat(inMoves).isEqualTo(moved + 30);
    }

    @Test
    void comparesWithTheValidationRowsOfBundle() throws IOException {
        AisleRun run = monitor(
                output.resolve("runs/monday").toString(),
                TrainedBundle.get().directory().toString(),
                "report");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode report = report("report");
        assertThat(report.at("/baseline/kind").asText()).isEqualTo("bundle");
        assertThat(report.at("/baseline/model_version").asText())
                .isEqualTo(TrainedBundle.get().version());
        assertThat(report.at("/baseline/rows").asLong())
                .isEqualTo(new ObjectMapper()
                        .readTree(TrainedBundle.prepared()
                                .resolve("manifest.json")
                                .toFile())
                        .at("/rows/validation")
                        .asLong());
        assertThat(report.get("flow").isNull()).isTrue();
        assertThat(report.get("compared").findValuesAsText("kind")).doesNotContain("rows");
    }

    @Test
    void failsOnFindingsWhenAllIsWritten() throws IOException {
        AisleRun run = monitor(output.toString(), "monday", "report", "--fail-on", "fail");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .contains("Cannot pass run tuesday: found brand is filled in ")
                .contains("expected no finding of level fail or worse. Look at " + temporary.resolve("report"));
        assertThat(report("report").get("findings")).isNotEmpty();
        assertThat(history()).hasSize(1);
    }

    @Test
    void monitoringAgainReplacesTheRowAndOtherRunsStay() throws IOException {
        monitor(
                output.resolve("runs/monday").toString(),
                TrainedBundle.get().directory().toString(),
                "one");
        monitor(output.toString(), "previous", "two");
        AisleRun again = monitor(output.toString(), "previous", "two");

        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(history())
                .extracting(row -> row.<String>getAs("run_id"))
                .containsExactlyInAnyOrder("monday", "tuesday");
        assertThat(report("two").get("history").findValuesAsText("run_id")).containsExactly("monday", "tuesday");
    }

    @Test
    void refusesWhatIsNoRun() throws IOException {
        assertRefused(
                monitor(temporary.resolve("nowhere").toString(), "previous", "report"),
                "Cannot read the run file:" + temporary.resolve("nowhere") + ": found no such directory");
        assertRefused(
                monitor(output.toString(), "wednesday", "report"),
                "Cannot read the run file:" + output.resolve("runs/wednesday") + ": found no such directory");
        assertRefused(
                monitor(output.toString(), TrainedBundle.prepared().toString(), "report"),
                "found a manifest that is not of a run, expected what classify wrote");
        assertRefused(monitor(output.toString(), "tuesday", "report"), "found itself as the baseline");
        assertRefused(
                monitor(output.resolve("runs/monday").toString(), "previous", "report"),
                "found no run before it (it was the first of its output), expected one. Give the bundle as --baseline.");
        assertRefused(
                monitor(output.toString(), HandMadeBundle.get().directory().toString(), "report"),
                "found no profile.json, which bundles of before do not have");
        Files.delete(output.resolve("runs/monday/manifest.json"));
        assertRefused(monitor(output.toString(), "monday", "report"), "found no manifest.json (it did not finish)");
    }

    @Test
    void refusesRunWithoutPredictionsAndHistoryThatCannotBeRead() throws IOException {
        Path history = Files.createDirectories(output.resolve("history/run=sunday"));
        Files.writeString(history.resolve("part-00000.parquet"), "no Parquet");
        assertRefused(
                monitor(output.toString(), "previous", "report"),
                "Cannot read the history file:" + output.resolve("history") + ": found a file that cannot be read");

        Path manifest = output.resolve("runs/tuesday/manifest.json");
        Fixtures.delete(output.resolve("runs/tuesday/predictions"));
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replaceAll("\"scored\" : \\d+", "\"scored\" : 0")
                        .replaceAll("\"carried\" : \\d+", "\"carried\" : 0"));
        Files.delete(output.resolve("runs/tuesday/.manifest.json.crc"));
        Fixtures.delete(output.resolve("history"));
        assertRefused(monitor(output.toString(), "previous", "report"), "found no prediction, expected some");
    }

    @Test
    void refusesLimitsThatContradictEachOther() {
        AisleRun run = monitor(
                output.toString(),
                "previous",
                "report",
                "--fail-on",
                "ok",
                "--set",
                "monitor.psi.warn=0.5",
                "--set",
                "monitor.fill.fail=2");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("monitor.fail-on: found ok, expected one of warn, fail")
                .contains("monitor.psi.fail: found 0.25, expected at least monitor.psi.warn, which is 0.5")
                .contains("monitor.fill.fail: found 2.0, expected a number from 0.0 to 1.0");
    }

    @Test
    void dryRunSaysWhatItWouldDo() {
        assertThat(monitor(output.toString(), "previous", "report", "--dry-run").out())
                .contains("would compare them with previous\n")
                .contains("and the run's row to the history in its output\n");
    }

    private AisleRun monitor(String run, String baseline, String report, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "monitor",
                "--run",
                run,
                "--baseline",
                baseline,
                "--output",
                temporary.resolve(report).toString()));
        Collections.addAll(arguments, more);
        return AisleRun.of(arguments);
    }

    private static void assertRefused(AisleRun run, String message) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    private JsonNode report(String name) throws IOException {
        return new ObjectMapper()
                .readTree(temporary.resolve(name).resolve("monitor.json").toFile());
    }

    private List<Row> history() {
        return TestSession.get()
                .read()
                .parquet(output.resolve("history").toString())
                .collectAsList();
    }

    private Map<String, Row> predictions(String runId) {
        Map<String, Row> predictions = new TreeMap<>();
        TestSession.get()
                .read()
                .parquet(output.resolve("runs")
                        .resolve(runId)
                        .resolve("predictions")
                        .toString())
                .collectAsList()
                .forEach(row -> predictions.put(row.getAs("id"), row));
        return predictions;
    }
}
