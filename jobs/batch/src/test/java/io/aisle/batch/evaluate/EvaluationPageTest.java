package io.aisle.batch.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.HandMadeBundle;
import io.aisle.core.Sha256;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.Product;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Every number of the report, counted again from the products and the model's answers to them, by other means. */
@TestInstance(Lifecycle.PER_CLASS)
class EvaluationPageTest {
    private static final List<String> LABELS =
            HandMadeBundle.LABELS.stream().map(Object::toString).toList();
    /** A word or a sign is one piece each. */
    private static final Pattern WORD = Pattern.compile("\\w+|\\p{Punct}");

    private static final String SCRIPT = "<script>alert(1)</script> tea";
    private static final String FORMULA = "=HYPERLINK(\"http://example.com\") tea";

    @TempDir
    static Path temporary;

    private final List<Counted> products = new ArrayList<>();
    private List<String> lines;
    private JsonNode page;

    /** A product, its label and what the model says of it. */
    private record Counted(Product product, int truth, int answer, double confidence) {
        boolean isRight() {
            return truth == answer;
        }

        long characters() {
            return (product.title() + product.brand() + product.description() + product.feature()).length();
        }
    }

    @BeforeAll
    void evaluateOnce() throws IOException {
        Random random = new Random(3);
        ObjectMapper mapper = new ObjectMapper();
        lines = new ArrayList<>();
        String[] words = {"tea", "lamp", "drill", "red"};
        for (int row = 0; row < 120; row++) {
            int truth = random.nextInt(3);
            int named = random.nextInt(3) == 0 ? random.nextInt(4) : truth;
            String title = row == 7
                    ? SCRIPT
                    : row == 8
                            ? FORMULA
                            : words[named] + " "
                                    + "red ".repeat(random.nextInt(4)).strip();
            String description =
                    row % 4 == 0 ? "red ".repeat(random.nextInt(60)).strip() : "";
            Product product = new Product(
                    "p" + row, title.strip(), row % 3 == 0 ? "red" : "", description, row % 5 == 0 ? "red" : "");
            if (row == 7 || row == 8) {
                truth = 1;
            }
            Product clean = HandMadeBundle.get().recipe().clean(product);
            lines.add(mapper.writeValueAsString(Map.of(
                    "asin",
                    product.id(),
                    "title",
                    product.title(),
                    "brand",
                    product.brand(),
                    "description",
                    List.of(product.description()),
                    "feature",
                    List.of(product.feature()),
                    "category",
                    HandMadeBundle.LABELS.get(truth).names())));
            products.add(counted(clean, truth));
        }
        page = evaluate("page", lines);
    }

    private static Counted counted(Product clean, int truth) {
        ModelBundle bundle = HandMadeBundle.get();
        try (Classifier classifier = bundle.classifier(1)) {
            float[] probabilities = classifier.probabilities(List.of(clean)).get(0);
            int best = 0;
            for (int label = 1; label < probabilities.length; label++) {
                best = probabilities[label] > probabilities[best] ? label : best;
            }
            return new Counted(clean, truth, best, probabilities[best]);
        }
    }

    @Test
    void headlineSaysHowManyAreRight() {
        long right = products.stream().filter(Counted::isRight).count();

        assertThat(page.at("/verdict/level").asText()).isEqualTo("info");
        assertThat(page.at("/verdict/title").asText())
                .isEqualTo(String.format("%.2f accuracy on 120 rows", right / 120.0));
        assertThat(page.at("/metrics/0/value").asDouble()).isEqualTo(right / 120.0, within(1e-12));
        assertThat(page.get("beside").isNull()).isTrue();
        assertThat(page.get("gate").isNull()).isTrue();
    }

    @Test
    void classesAreCounted() {
        assertThat(page.at("/classes/rows")).hasSize(3);
        for (JsonNode row : page.at("/classes/rows")) {
            int label = LABELS.indexOf(row.get("label").asText());
            long support = count(each -> each.truth() == label);
            long predicted = count(each -> each.answer() == label);
            long both = count(each -> each.truth() == label && each.answer() == label);
            assertThat(row.get("support").asLong()).isEqualTo(support);
            assertThat(row.get("predicted").asLong()).isEqualTo(predicted);
            assertThat(row.get("f1").asDouble()).isEqualTo(2.0 * both / (support + predicted), within(1e-12));
            assertThat(row.get("precision").asDouble()).isEqualTo((double) both / predicted, within(1e-12));
            assertThat(row.get("recall").asDouble()).isEqualTo((double) both / support, within(1e-12));
            assertThat(row.get("auc").asDouble()).isBetween(0.5, 1.0);
        }
        assertThat(page.at("/classes/left_out").asInt()).isZero();
    }

    @Test
    void confusionsAreCountedAndHaveTheExamplesOfTheSmallestHashes() {
        Map<String, Long> confused = new TreeMap<>();
        products.stream()
                .filter(each -> !each.isRight())
                .forEach(each ->
                        confused.merge(LABELS.get(each.truth()) + "/" + LABELS.get(each.answer()), 1L, Long::sum));
        Map<String, Long> found = new TreeMap<>();
        for (JsonNode pair : page.at("/confusions/pairs")) {
            int truth = LABELS.indexOf(pair.get("truth").asText());
            int answer = LABELS.indexOf(pair.get("predicted").asText());
            found.put(
                    LABELS.get(truth) + "/" + LABELS.get(answer),
                    pair.get("rows").asLong());
            assertThat(pair.get("share_of_truth").asDouble())
                    .isEqualTo((double) pair.get("rows").asLong() / count(each -> each.truth() == truth));
            List<Counted> expected = products.stream()
                    .filter(each -> each.truth() == truth && each.answer() == answer)
                    .sorted(Comparator.comparing(each -> signed(each.product().id())))
                    .limit(3)
                    .toList();
            assertThat(pair.get("examples")).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                JsonNode example = pair.get("examples").get(i);
                assertThat(example.get("id").asText())
                        .isEqualTo(expected.get(i).product().id());
                assertThat(example.get("title").asText())
                        .isEqualTo(expected.get(i).product().title());
                assertThat(example.get("confidence").asDouble())
                        .isEqualTo(expected.get(i).confidence(), within(1e-6));
            }
        }
        assertThat(found).isEqualTo(confused).hasSizeGreaterThan(3);
        assertThat(page.at("/confusions/left_out/pairs").asInt()).isZero();
        JsonNode matrix = page.at("/confusions/matrix");
        for (int row = 0; row < matrix.get("truths").size(); row++) {
            for (int column = 0; column < matrix.get("predicted").size(); column++) {
                int truth = LABELS.indexOf(matrix.get("truths").get(row).asText());
                int answer = LABELS.indexOf(matrix.get("predicted").get(column).asText());
                assertThat(matrix.get("rows").get(row).get(column).asLong())
                        .isEqualTo(count(each -> each.truth() == truth && each.answer() == answer));
            }
        }
    }

    /** The first 16 digits of the hash, as a signed number. */
    private static Long signed(String id) {
        return Long.parseUnsignedLong(
                Sha256.hex(id.getBytes(StandardCharsets.UTF_8)).substring(0, 16), 16);
    }

    @Test
    void slicesAreCounted() {
        long[] support = IntStream.range(0, 3)
                .mapToLong(label -> count(each -> each.truth() == label))
                .toArray();
        Integer[] largest = {0, 1, 2};
        Arrays.sort(largest, Comparator.comparingLong((Integer label) -> -support[label]));
        Map<String, Predicate<Counted>> expected = new TreeMap<>();
        expected.put("all rows", each -> true);
        expected.put("title missing", each -> each.product().title().isEmpty());
        expected.put("brand missing", each -> each.product().brand().isEmpty());
        expected.put("description missing", each -> each.product().description().isEmpty());
        expected.put("feature missing", each -> each.product().feature().isEmpty());
        expected.put(
                "none missing",
                each -> !each.product().title().isEmpty()
                        && !each.product().brand().isEmpty()
                        && !each.product().description().isEmpty()
                        && !each.product().feature().isEmpty());
        expected.put("up to 50 characters", each -> each.characters() <= 50);
        expected.put("51 to 150 characters", each -> each.characters() > 50 && each.characters() <= 150);
        expected.put("151 to 500 characters", each -> each.characters() > 150 && each.characters() <= 500);
        expected.put("501 to 2,000 characters", each -> each.characters() > 500 && each.characters() <= 2_000);
        expected.put("more than 2,000 characters", each -> each.characters() > 2_000);
        // three classes of about a third: the second begins before half of the rows, the third before nine tenths
        expected.put("head", each -> each.truth() == largest[0] || each.truth() == largest[1]);
        expected.put("body", each -> each.truth() == largest[2]);
        expected.put("tail", each -> false);

        assertThat(page.get("slices"))
                .extracting(slice -> slice.get("slice").asText())
                .hasSize(expected.size());
        for (JsonNode slice : page.get("slices")) {
            List<Counted> in = products.stream()
                    .filter(expected.get(slice.get("slice").asText()))
                    .toList();
            assertThat(slice.get("rows").asLong()).as("%s", slice).isEqualTo(in.size());
            if (in.isEmpty()) {
                assertThat(slice.get("accuracy").isNull()).isTrue();
                continue;
            }
            double accuracy = (double) in.stream().filter(Counted::isRight).count() / in.size();
            assertThat(slice.get("accuracy").asDouble()).isEqualTo(accuracy, within(1e-12));
            assertThat(slice.get("share").asDouble()).isEqualTo(in.size() / 120.0, within(1e-12));
            assertThat(slice.get("lower_95").asDouble()).isEqualTo(wilson(accuracy, in.size(), -1), within(1e-9));
            assertThat(slice.get("upper_95").asDouble()).isEqualTo(wilson(accuracy, in.size(), 1), within(1e-9));
            assertThat(slice.get("mean_confidence").asDouble())
                    .isEqualTo(
                            in.stream()
                                    .mapToDouble(Counted::confidence)
                                    .average()
                                    .orElseThrow(),
                            within(1e-6));
            assertThat(slice.get("macro_f1").asDouble()).isEqualTo(macroF1(in), within(1e-12));
        }
        assertThat(page.get("brands_seen").isNull()).isTrue();
        assertThat(page.get("class_sizes").asText()).contains("50% of the evaluated rows");
    }

    private static double wilson(double share, int rows, int sign) {
        double z = 1.959963984540054;
        return (share
                        + z * z / (2 * rows)
                        + sign * z * Math.sqrt(share * (1 - share) / rows + z * z / (4.0 * rows * rows)))
                / (1 + z * z / rows);
    }

    private static double macroF1(List<Counted> rows) {
        return IntStream.range(0, 3)
                .filter(label -> rows.stream().anyMatch(each -> each.truth() == label))
                .mapToDouble(label -> 2.0
                        * rows.stream()
                                .filter(each -> each.truth() == label && each.isRight())
                                .count()
                        / rows.stream()
                                .mapToInt(each -> (each.truth() == label ? 1 : 0) + (each.answer() == label ? 1 : 0))
                                .sum())
                .average()
                .orElseThrow();
    }

    /** The hand-made bundle is not calibrated, so that before is after. */
    @Test
    void reliabilityIsCountedBeforeAndAfter() {
        double error = 0;
        for (int bin = 0; bin < 15; bin++) {
            double lower = bin / 15.0;
            double upper = (bin + 1) / 15.0;
            List<Counted> in = products.stream()
                    .filter(each -> each.confidence() > lower && each.confidence() <= upper)
                    .toList();
            JsonNode found = page.at("/reliability/after/bins/" + bin);
            assertThat(found.get("rows").asLong()).isEqualTo(in.size());
            double right = in.stream().filter(Counted::isRight).count();
            if (!in.isEmpty()) {
                assertThat(found.get("accuracy").asDouble()).isEqualTo(right / in.size(), within(1e-12));
            }
            error += Math.abs(
                            right - in.stream().mapToDouble(Counted::confidence).sum())
                    / 120;
        }
        for (String when : List.of("before", "after")) {
            assertThat(page.at("/reliability/" + when + "/expected_calibration_error")
                            .asDouble())
                    .isEqualTo(error, within(1e-6));
        }
    }

    @Test
    void coverageIsCounted() {
        JsonNode points = page.at("/precision_coverage/points");
        assertThat(points).hasSizeBetween(4, 100);
        for (JsonNode point : points) {
            double threshold = point.get("threshold").asDouble();
            List<Counted> accepted = products.stream()
                    .filter(each -> each.confidence() >= threshold)
                    .toList();
            assertThat(point.get("accepted").asLong()).isEqualTo(accepted.size());
            assertThat(point.get("coverage").asDouble()).isEqualTo(accepted.size() / 120.0, within(1e-12));
            assertThat(point.get("precision").asDouble())
                    .isEqualTo(
                            (double) accepted.stream().filter(Counted::isRight).count() / accepted.size(),
                            within(1e-12));
        }
        double share = count(each -> each.confidence() >= HandMadeBundle.ACCEPT_THRESHOLD) / 120.0;
        assertThat(page.at("/precision_coverage/chosen/coverage").asDouble()).isEqualTo(share, within(1e-12));
        assertThat(page.at("/precision_coverage/target_precision").asDouble()).isEqualTo(0.92);
    }

    /** What has more than 32 pieces, with [CLS] and the separators, is cut. */
    @Test
    void cutTextsAreCounted() {
        List<Counted> cut = products.stream()
                .filter(each -> {
                    List<String> fields = List.of(
                            each.product().title(),
                            each.product().brand(),
                            each.product().description(),
                            each.product().feature());
                    long given =
                            fields.stream().filter(field -> !field.isEmpty()).count();
                    long words = fields.stream()
                            .filter(field -> !field.isEmpty())
                            .mapToLong(field -> WORD.matcher(field).results().count())
                            .sum();
                    return words + given + 1 > 32;
                })
                .toList();
        assertThat(cut).hasSizeGreaterThan(3);
        assertThat(page.at("/truncation/max_tokens").asInt()).isEqualTo(32);
        assertThat(page.at("/truncation/cut/rows").asLong()).isEqualTo(cut.size());
        assertThat(page.at("/truncation/whole/rows").asLong()).isEqualTo(120 - cut.size());
        assertThat(page.at("/truncation/cut/accuracy").asDouble())
                .isEqualTo((double) cut.stream().filter(Counted::isRight).count() / cut.size(), within(1e-12));
    }

    @Test
    void sameRowsInAnotherOrderGiveTheSamePage() throws IOException {
        List<String> reversed = new ArrayList<>(lines);
        Collections.reverse(reversed);
        Path directory = Files.createDirectories(temporary.resolve("parts"));
        for (int part = 0; part < 5; part++) {
            Files.write(directory.resolve("part-" + part + ".jsonl"), reversed.subList(part * 24, part * 24 + 24));
        }

        JsonNode again = evaluate("again", directory);

        for (String part : List.of("classes", "confusions", "slices", "precision_coverage", "truncation", "verdict")) {
            assertThat(again.get(part)).as(part).isEqualTo(page.get(part));
        }
    }

    @Test
    void textOfProductsStaysText() throws IOException {
        String html = Files.readString(temporary.resolve("page/evaluate.html"));
        Document document = Jsoup.parse(html);

        assertThat(html).doesNotContain("<script>alert");
        assertThat(new ObjectMapper().readTree(document.select("#data").first().data()))
                .isEqualTo(page);
        assertThat(page.toString()).contains("HYPERLINK");
        assertThat(html.length()).isLessThan(1_000_000);
    }

    @Test
    void saysNullOfWhatWasNotAskedForOrIsNotKnown() {
        assertThat(page.get("label_errors").isNull()).isTrue();
        assertThat(page.get("training").isNull()).isTrue();
    }

    private long count(Predicate<Counted> which) {
        return products.stream().filter(which).count();
    }

    private JsonNode evaluate(String name, List<String> records) throws IOException {
        return evaluate(name, Files.write(temporary.resolve(name + ".jsonl"), records));
    }

    private JsonNode evaluate(String name, Path input) throws IOException {
        AisleRun evaluated = AisleRun.succeeding(
                "evaluate",
                "--model",
                HandMadeBundle.get().directory().toString(),
                "--input",
                input.toString(),
                "--format",
                "amazon",
                "--output",
                temporary.resolve(name).toString());
        assertThat(evaluated.out()).contains("report: file:" + temporary.resolve(name + "/evaluate.html"));
        return new ObjectMapper()
                .readTree(temporary.resolve(name + "/evaluate.json").toFile());
    }
}
