package io.aisle.batch.explore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of a small catalog, counted by hand. */
class ExploreJobTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * One pass over the input, with its shuffle by id, and what became of it by reason; then over what is kept: count, measure, look for
     * copies, examples. Adaptive execution makes a Spark job of each shuffle.
     */
    private static final int SPARK_JOBS = 10;

    @TempDir
    private static Path folder;

    private static AisleRun run;
    private static JsonNode report;
    private static String page;
    private static int sparkJobs;

    private static String line(String id, String title, String brand, String label, String price) {
        return "{\"id\":\"" + id + "\",\"title\":\"" + title + "\",\"brand\":\"" + brand + "\",\"label\":\"" + label
                + "\",\"price\":" + price + ",\"colour\":\"red\"}";
    }

    @BeforeAll
    static void explore() throws IOException, TimeoutException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            lines.add(line(
                    "M" + i,
                    "Mug number" + i + " with handle" + i + " and glaze" + i,
                    i < 15 ? "Morning" : "",
                    "Mugs",
                    "10"));
        }
        for (int i = 0; i < 5; i++) {
            lines.add(line("T" + i, "Tent for camper" + i + " in forest" + i, "Hill", "Tents", "\"$1,250.00\""));
        }
        // a copy, a title of two labels, an id of two records, faults, a record that cannot be read, and one without a
        // label
        lines.add(line("COPY", "Mug number0 with handle0 and glaze0", "Morning", "Mugs", "10"));
        lines.add(line("TWICE", "mug number1, with handle1 and glaze1!", "Other", "Tents", "10"));
        lines.add(line("M2", "Mug number2 with handle2 and glaze2", "Morning", "Mugs", "10"));
        lines.add(line("BROKEN", "Caf\uFFFD <b>au lait</b> &amp; It\u00E2\u20AC\u2122s", "", "Mugs", "0"));
        lines.add("{\"id\":\"BAD\"");
        lines.add(
                "{\"id\":\"</script><script>document.title='hacked'</script>\",\"title\":\"=cmd|' /C calc'!A0 <b>now</b>\"}");
        Path input = folder.resolve("catalog.jsonl");
        Files.writeString(input, String.join("\n", lines), StandardCharsets.UTF_8);
        Path output = folder.resolve("report");

        SparkSession spark = TestSession.get();
        AtomicInteger jobs = new AtomicInteger();
        SparkListener counter = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                jobs.incrementAndGet();
            }
        };
        spark.sparkContext().addSparkListener(counter);
        run = AisleRun.of(
                "explore",
                "--input=" + input,
                "--format=jsonl",
                "--label=label",
                "--fraction=0.3",
                "--min-class-size=10",
                "--output=" + output);
        spark.sparkContext().listenerBus().waitUntilEmpty();
        spark.sparkContext().removeSparkListener(counter);
        sparkJobs = jobs.get();
        assertThat(run.exitCode()).as(run.err()).isZero();
        report = MAPPER.readTree(output.resolve("explore.json").toFile());
        page = Files.readString(output.resolve("explore.html"));
    }

    private static long number(String pointer) {
        assertThat(report.at(pointer).isNumber()).as(pointer).isTrue();
        return report.at(pointer).asLong();
    }

    private static JsonNode in(String pointer, String key, String value) {
        for (JsonNode entry : report.at(pointer)) {
            if (entry.path(key).asText().equals(value)) {
                return entry;
            }
        }
        throw new AssertionError("found no " + key + " " + value + " in " + report.at(pointer));
    }

    @Test
    void countsWhereEveryRecordWent() {
        assertThat(number("/rows/records")).isEqualTo(31);
        assertThat(number("/rows/quarantined")).isEqualTo(1);
        assertThat(number("/rows/repeated_ids")).isEqualTo(1);
        assertThat(number("/rows/products")).isEqualTo(29);
        assertThat(number("/rows/unlabelled")).isEqualTo(1);
        assertThat(in("/quarantine", "reason", "unparsable").path("rows").asLong())
                .isEqualTo(1);
    }

    @Test
    void countsFilledFields() {
        assertThat(in("/fields", "field", "title").path("filled").asLong()).isEqualTo(29);
        // 15 mugs, 5 tents, COPY, TWICE
        assertThat(in("/fields", "field", "brand").path("filled").asLong()).isEqualTo(22);
        assertThat(in("/fields", "field", "description").path("filled").asLong())
                .isZero();
        assertThat(in("/fields", "field", "label").path("filled").asLong()).isEqualTo(28);
        assertThat(in("/fields", "field", "price").path("filled").asLong()).isEqualTo(28);
        assertThat(in("/fields", "field", "price").path("column").asText()).isEqualTo("price");
        assertThat(in("/record_fields", "name", "colour").path("is_read").asBoolean())
                .isFalse();
    }

    @Test
    void countsClassesAndLooksAheadToPrepare() {
        // 20 mugs, COPY, BROKEN; 5 tents, TWICE
        assertThat(in("/classes/list", "label", "Mugs").path("rows").asLong()).isEqualTo(22);
        assertThat(in("/classes/list", "label", "Tents").path("rows").asLong()).isEqualTo(6);
        assertThat(in("/classes/list", "label", "Tents").path("folds_into").asText())
                .isEqualTo("other");
        assertThat(number("/classes/rare_classes")).isEqualTo(1);
        assertThat(number("/classes/rare_rows")).isEqualTo(6);
        // ceil(0.3 x 22) and ceil(0.3 x 6)
        assertThat(in("/classes/sample", "label", "Mugs").path("sampled").asLong())
                .isEqualTo(7);
        assertThat(in("/classes/sample", "label", "other").path("sampled").asLong())
                .isEqualTo(2);
        assertThat(number("/classes/sampled_rows")).isEqualTo(9);
        // one class of 5 to 9 products, one of 20 to 49
        assertThat(in("/classes/sizes", "from", "5").path("count").asLong()).isEqualTo(1);
        assertThat(in("/classes/sizes", "from", "20").path("count").asLong()).isEqualTo(1);
        assertThat(in("/classes/list", "label", "Tents").path("telling").toString())
                .contains("tent");
    }

    @Test
    void findsCopiesAndTitlesOfSeveralLabels() {
        assertThat(number("/copies/copies")).isEqualTo(1);
        assertThat(number("/copies/copied")).isEqualTo(1);
        // M0 and COPY, M1 and TWICE
        assertThat(number("/copies/shared_titles")).isEqualTo(2);
        assertThat(number("/copies/conflicting_titles")).isEqualTo(1);
        assertThat(number("/copies/conflicting_title_rows")).isEqualTo(2);
        JsonNode pair = report.at("/copies/conflicting_title_pairs/0");
        assertThat(Set.of(pair.path("id").asText(), pair.path("other_id").asText()))
                .containsExactlyInAnyOrder("M1", "TWICE");
    }

    @Test
    void countsFaultsOfTheRecordsAsTheyWere() {
        assertThat(in("/faults", "fault", "markup").path("rows").asLong()).isEqualTo(2);
        assertThat(in("/faults", "fault", "entities").path("rows").asLong()).isEqualTo(1);
        assertThat(in("/faults", "fault", "replacement_character").path("rows").asLong())
                .isEqualTo(1);
        assertThat(in("/faults", "fault", "mojibake").path("rows").asLong()).isEqualTo(1);
        assertThat(in("/faults", "fault", "mojibake").at("/examples/0/id").asText())
                .isEqualTo("BROKEN");
        assertThat(in("/faults", "fault", "special_token").path("rows").asLong())
                .isZero();
    }

    @Test
    void measuresPricesAndLengths() {
        assertThat(number("/prices/rows")).isEqualTo(28);
        assertThat(number("/prices/zero")).isEqualTo(1);
        // 22 of 10, 5 of 1,250
        assertThat(report.at("/prices/median").asDouble()).isBetween(10.0, 12.6);
        assertThat(number("/prices/outliers")).isEqualTo(5);
        assertThat(report.at("/prices/dearest/0/price").asDouble()).isEqualTo(1250);
        assertThat(in("/lengths/cuts", "limit", "64").path("rows").asLong()).isZero();
        // mug, number0, with, handle0, and, glaze0: the most of the titles
        assertThat(in("/lengths/fields", "field", "title").path("words_median").asLong())
                .isEqualTo(6);
        assertThat(number("/brands/rows")).isEqualTo(22);
        assertThat(number("/brands/distinct")).isEqualTo(3);
        assertThat(in("/brands/top", "name", "Morning").path("count").asLong()).isEqualTo(16);
        assertThat(number("/brands/max_error")).isZero();
    }

    @Test
    void namesOnTheConsoleWhatStandsOut() {
        TreeSet<String> kinds = new TreeSet<>(report.path("findings").findValuesAsText("kind"));
        assertThat(kinds)
                .contains(
                        "rare_classes",
                        "copies",
                        "label_conflicts",
                        "broken_characters",
                        "price_outliers",
                        "quarantined")
                .doesNotContain("cut_texts", "unlabelled");
        assertThat(run.out())
                .contains("29 products; ")
                .contains("  3.4% of the products are copies of another one, in every field (1)\n")
                .contains("report: ");
    }

    @Test
    void readsTheInputOnceAndStartsFewSparkJobs() {
        assertThat(sparkJobs).isEqualTo(SPARK_JOBS);
    }

    @Test
    void noTextOfTheCatalogCanEndTheScriptThatHoldsIt() {
        assertThat(page)
                .contains("\\u003c/script>\\u003cscript>document.title='hacked'\\u003c/script>")
                .doesNotContain("<script>document.title");
        assertThat(page.length()).isLessThan(2_000_000);
    }

    @Test
    void refusesACatalogOfWhichNothingCanBeRead() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.jsonl"), "{\"a\":\n");

        AisleRun refused =
                AisleRun.of("explore", "--input=" + empty, "--format=jsonl", "--output=" + folder.resolve("none"));

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("Cannot explore ")
                .contains("found no usable record among 1 (quarantined: {unparsable=1})");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void refusesAVocabularyThatIsNotThere() {
        AisleRun refused = AisleRun.of(
                "explore",
                "--input=" + folder.resolve("catalog.jsonl"),
                "--format=jsonl",
                "--vocabulary=" + folder.resolve("vocab.txt"),
                "--output=" + folder.resolve("none"));

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("Cannot read the vocabulary ").contains("Correct --vocabulary.");
    }
}
