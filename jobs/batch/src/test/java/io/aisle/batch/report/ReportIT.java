package io.aisle.batch.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of reports as a browser shows them: every chart has the JSON's numbers, text stays text, and nobody is kept out. */
class ReportIT {
    private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Browser browser;

    @BeforeAll
    static void report() throws IOException {
        AisleRun.succeeding(
                "explore",
                "--input=" + REPOSITORY.resolve("data/sample/products.json.gz"),
                "--output=" + folder.resolve("sample"));
        Path hostile = folder.resolve("hostile.jsonl");
        StringBuilder products = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            Map<String, String> product = Map.of(
                    "id",
                    "</script><img src=x onerror=\"document.title='hacked'\">" + i,
                    "title",
                    "=HYPERLINK(\"http://127.0.0.1/\") {{data}} $& javascript:alert(1) number" + i / 2,
                    "brand",
                    "<b onmouseover=alert(1)>brand</b>",
                    "label",
                    i % 2 == 0 ? "<img src=x onerror=alert(1)>" : "=1+1");
            products.append(MAPPER.writeValueAsString(product)).append('\n');
        }
        Files.writeString(hostile, products, StandardCharsets.UTF_8);
        AisleRun.succeeding(
                "explore",
                "--input=" + hostile,
                "--format=jsonl",
                "--label=label",
                "--output=" + folder.resolve("hostile"));
        AisleRun.succeeding(
                "evaluate",
                "--model=" + TrainedBundle.get().directory(),
                "--input=" + TrainedBundle.prepared().resolve("test"),
                "--output=" + folder.resolve("evaluation"));
        classify("monday", TrainedBundle.catalog());
        // the same products, every other one without its brand
        List<String> lines = TestSession.get()
                .read()
                .textFile(TrainedBundle.catalog().toString())
                .collectAsList();
        Path tuesday = folder.resolve("tuesday.json");
        Files.write(
                tuesday,
                IntStream.range(0, lines.size())
                        .mapToObj(i -> i % 2 == 0
                                ? lines.get(i)
                                : lines.get(i).replaceAll("\"brand\":\"[^\"]*\"", "\"brand\":\"\""))
                        .toList());
        classify("tuesday", tuesday);
        AisleRun.succeeding(
                "monitor",
                "--run=" + folder.resolve("catalog"),
                "--baseline=previous",
                "--output=" + folder.resolve("monitor"));
        browser = Browser.start();
    }

    private static void classify(String runId, Path input) {
        AisleRun.succeeding(
                "classify",
                "--model=" + TrainedBundle.get().directory(),
                "--input=" + input,
                "--engine=onnx",
                "--run-id=" + runId,
                "--output=" + folder.resolve("catalog"));
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    private static void open(String report) {
        browser.size(1280, 900);
        browser.open(folder.resolve(report));
    }

    /** The pages, as file names. */
    static Stream<String> pages() {
        return Stream.of("sample/explore", "evaluation/evaluate", "monitor/monitor");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyTableAndChartHasTheNumbersOfTheJson(String page) throws IOException {
        open(page + ".html");

        requireNumbersOf(folder.resolve(page + ".json"));
        assertThat(browser.complaints()).isEmpty();
    }

    /** Each number on the page stands in that part of the JSON which the table or chart names as its source. */
    private static void requireNumbersOf(Path json) throws IOException {
        JsonNode numbers = MAPPER.readTree(json.toFile());
        browser.run("document.querySelectorAll('button.more').forEach((more) => more.click())");
        JsonNode tables = browser.run("""
                return [...document.querySelectorAll('table[data-source]')].map((table) => ({
                  source: table.dataset.source,
                  caption: table.caption.textContent,
                  values: [...table.querySelectorAll('[data-value]')].map((cell) => cell.dataset.value)
                    .filter((value) => value !== '' && !Number.isNaN(Number(value))).map(Number),
                }));""");
        assertThat(tables.size()).isGreaterThan(4);
        int compared = 0;
        for (JsonNode table : tables) {
            JsonNode source = numbers.at(table.path("source").asText());
            assertThat(source.isMissingNode()).as(table.path("source").asText()).isFalse();
            Set<Double> known = numbersOf(source);
            for (JsonNode value : table.path("values")) {
                assertThat(known).as("%s", table.path("caption")).contains(value.asDouble());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(50);
        assertThat(browser.run("return document.querySelectorAll('figure.chart .canvas svg').length")
                        .asInt())
                .isEqualTo(browser.run("return document.querySelectorAll('figure.chart').length")
                        .asInt())
                .isPositive();
    }

    private static Set<Double> numbersOf(JsonNode node) {
        Set<Double> numbers = new HashSet<>();
        if (node.isNumber()) {
            numbers.add(node.asDouble());
        } else if (node.isTextual() && node.asText().matches("-?[0-9]+(\\.[0-9]+)?")) {
            // an id may look like a number
            numbers.add(Double.valueOf(node.asText()));
        }
        node.forEach(child -> numbers.addAll(numbersOf(child)));
        return numbers;
    }

    @Test
    void textOfProductsIsTextAndNothingElse() {
        open("hostile/explore.html");

        assertThat(browser.run("return document.title").asText()).isEqualTo("Aisle: Explore");
        assertThat(browser.run(
                                "return document.querySelectorAll('main img, main script, main b, main [onmouseover]').length")
                        .asInt())
                .isZero();
        assertThat(browser.run("return document.querySelector('main').textContent")
                        .asText())
                .contains("=HYPERLINK(\"http://127.0.0.1/\") {{data}} $&")
                .contains("</script><img src=x onerror=\"document.title='hacked'\">")
                .contains("<img src=x onerror=alert(1)\\>");
        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void nothingIsWiderThanANarrowScreen(String page) {
        browser.size(360, 740);
        browser.open(folder.resolve(page + ".html"));

        assertThat(browser.run("return document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(360);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aScreenReaderFindsNothingMissingInLightAndDark(String page) throws IOException {
        for (String scheme : new String[] {"light", "dark"}) {
            browser.prefer(scheme);
            open(page + ".html");
            browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
            browser.run(axe());
            JsonNode violations = browser.runToTheEnd("""
                    const done = arguments[0];
                    axe.run({ resultTypes: ['violations'] }).then((result) => done(result.violations.map((one) =>
                      one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | '))));""");
            assertThat(violations).as(scheme).isEmpty();
        }
        browser.prefer("light");
    }

    private static String axe() throws IOException {
        try (InputStream script = ReportIT.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void tablesAreSortedByTheirHeadings() {
        open("sample/explore.html");

        JsonNode rows = browser.run("""
                const table = document.querySelector('table[data-source="/classes/list"]');
                const rows = () => [...table.querySelectorAll('[data-key="rows"]')].map((cell) => Number(cell.dataset.value));
                const heading = [...table.querySelectorAll('.sort')].find((one) => one.textContent === 'Products');
                heading.click();
                const descending = rows();
                heading.click();
                return { descending, ascending: rows(), sort: heading.closest('th').getAttribute('aria-sort') };""");

        assertThat(rows.path("descending").get(0).asInt())
                .isGreaterThan(rows.path("descending").get(5).asInt());
        assertThat(rows.path("ascending").get(0).asInt())
                .isLessThan(rows.path("descending").get(5).asInt());
        assertThat(rows.path("sort").asText()).isEqualTo("ascending");
    }
}
