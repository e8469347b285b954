package io.aisle.batch.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.generate.CatalogGenerator;
import io.aisle.batch.generate.Fault;
import io.aisle.batch.generate.GeneratedRow;
import io.aisle.batch.generate.GeneratorPlan;
import io.aisle.core.product.CategoryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generated catalog whose wrong labels are known: 3 in 100. */
class LabelErrorsTest {
    private static final int ROWS = 3_000;

    @TempDir
    static Path temporary;

    private static Set<String> wrong;
    private static AisleRun run;
    private static List<Row> suspects;

    @BeforeAll
    static void lookOnce() throws IOException {
        CatalogGenerator generator =
                new CatalogGenerator(GeneratorPlan.of(ROWS, 24, 11).withRate(Fault.WRONG_LABEL, 0.03));
        Path catalog = temporary.resolve("catalog.jsonl");
        Files.write(catalog, LongStream.range(0, ROWS).mapToObj(generator::line).toList());
        String prepared = temporary.resolve("prepared").toString();
        AisleRun.succeeding("prepare", "--input", catalog.toString(), "--min-class-size", "30", "--output", prepared);
        String model = temporary.resolve("model").toString();
        AisleRun.succeeding("train", "--data", prepared, "--kind", "bag", "--epochs", "1", "--output", model);
        run = AisleRun.succeeding(
                "evaluate",
                "--model",
                model,
                "--input",
                prepared + "/train",
                "--format",
                "prepared",
                "--find-label-errors",
                "--set",
                "evaluate.label-errors.folds=3",
                "--set",
                "train.linear.max-characters=0",
                "--output",
                temporary.resolve("evaluation").toString());
        suspects = TestSession.get()
                .read()
                .parquet(temporary.resolve("evaluation/label_errors").toString())
                .collectAsList();
        PreparedData data = PreparedData.open(TestSession.get(), prepared);
        Set<String> train = new HashSet<>();
        data.rows(Split.TRAIN).select("id").collectAsList().forEach(row -> train.add(row.getString(0)));
        wrong = new HashSet<>();
        for (long index = 0; index < ROWS; index++) {
            GeneratedRow row = generator.row(index);
            Map<String, String> folds = data.manifest().foldMap();
            if (train.contains(row.asin()) && !folded(row.category(), folds).equals(folded(row.label(), folds))) {
                wrong.add(row.asin());
            }
        }
    }

    private static String folded(CategoryPath category, Map<String, String> folds) {
        return folds.getOrDefault(category.toString(), category.toString());
    }

    /** The rows are those that the model was trained on. */
    @Test
    void reportHasTheSurestAndWhatATrainedBundleRemembers() throws IOException {
        JsonNode page = new ObjectMapper()
                .readTree(temporary.resolve("evaluation/evaluate.json").toFile());

        assertThat(page.at("/label_errors/suspects").asInt()).isEqualTo(suspects.size());
        assertThat(page.at("/label_errors/surest")).hasSize(Math.min(50, suspects.size()));
        Row surest = suspects.stream()
                .min(Comparator.comparing((Row row) -> -row.<Float>getAs("margin"))
                        .thenComparing(row -> row.<String>getAs("id")))
                .orElseThrow();
        assertThat(page.at("/label_errors/surest/0/id").asText()).isEqualTo(surest.getAs("id"));
        assertThat(page.at("/training/epochs")).hasSize(1);
        assertThat(page.at("/training/best_epoch").asInt()).isEqualTo(1);
        assertThat(page.at("/training/epochs/0/macro_f1").asDouble()).isBetween(0.0, 1.0);
        assertThat(page.get("class_sizes").asText()).contains("50% of the train rows");
        Map<String, Long> rows = new HashMap<>();
        page.get("slices")
                .forEach(slice ->
                        rows.put(slice.get("slice").asText(), slice.get("rows").asLong()));
        assertThat(rows.get("seen in training")).isEqualTo(rows.get("all rows") - rows.get("brand missing"));
        assertThat(rows.get("not seen in training")).isZero();
        assertThat(rows.get("head") + rows.get("body") + rows.get("tail")).isEqualTo(rows.get("all rows"));
    }

    @Test
    void findsMostOfThemAndLittleElse() {
        long right = suspects.stream()
                .filter(row -> wrong.contains(row.<String>getAs("id")))
                .count();

        assertThat(wrong).hasSizeGreaterThan(40);
        assertThat((double) right / suspects.size()).as("precision").isGreaterThan(0.7);
        assertThat((double) right / wrong.size()).as("recall").isGreaterThan(0.7);
    }

    @Test
    void listsTheGreatestMarginFirst() {
        assertThat(suspects).allSatisfy(row -> {
            assertThat(row.<String>getAs("suggested")).isNotEqualTo(row.<String>getAs("given"));
            assertThat(row.<Float>getAs("margin"))
                    .isEqualTo(row.<Float>getAs("suggested_probability") - row.<Float>getAs("given_probability"));
            assertThat(row.<String>getAs("title")).isNotEmpty();
        });
        assertThat(suspects.stream().map(row -> row.<Float>getAs("margin")))
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void saysHowManyAndShowsTheFirst() {
        assertThat(run.out())
                .contains(suspects.size() + " of ")
                .contains("labels are probably wrong: file:" + temporary.resolve("evaluation/label_errors"))
                .contains(suspects.get(0).<String>getAs("id"))
                .contains("label errors: part 3 of 3");
    }
}
