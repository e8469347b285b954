package io.aisle.batch.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.HandMadeBundle.Variant;
import io.aisle.batch.TestSession;
import io.aisle.core.product.CategoryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a bundle with two labels in Home, which accepts from 0.7. */
class ClassifyBackOffTest {
    private static final CategoryPath RUGS = CategoryPath.of("Home", "Rugs");
    private static final List<String> CATALOG = List.of(
            "{\"asin\": \"a\", \"title\": \"lamp\"}",
            "{\"asin\": \"b\", \"title\": \"lamp rug\"}",
            "{\"asin\": \"c\", \"title\": \"red\"}");

    @TempDir
    Path temporary;

    @BeforeEach
    void writeModel() {
        Variant variant = new Variant(
                List.of(HandMadeBundle.TEA, HandMadeBundle.LAMPS, RUGS),
                Map.of(),
                Map.of("tea", HandMadeBundle.TEA, "lamp", HandMadeBundle.LAMPS, "rug", RUGS),
                List.of("red"),
                1,
                Map.of());
        HandMadeBundle.write(temporary.resolve("model"), variant);
    }

    @Test
    void acceptsTheCategoryAboveWhereTheLabelIsTooUnsure() throws IOException {
        AisleRun run = classify("golden", "--back-off");

        assertThat(run.exitCode()).as(run.err()).isZero();
        Map<String, Row> predictions = predictions("golden");
        assertPrediction(predictions.get("a"), List.of("Home", "Lamps"), 8 / 9f, "accepted", "");
        // of four tokens each word has logit 3 ln 2: 8 and 8 to 1
        assertPrediction(
                predictions.get("b"),
                List.of("Home"),
                16 / 17f,
                "accepted",
                "confidence 0.47 of Home > Lamps is under the accept threshold 0.70; all of Home has 0.94");
        assertThat(predictions.get("b").getList(predictions.get("b").fieldIndex("top")))
                .extracting(candidate -> ((Row) candidate).getString(0))
                .containsExactly("Lamps", "Rugs", "Tea");
        // Grocery is as unsure as its only label
        assertPrediction(
                predictions.get("c"),
                List.of("Grocery", "Tea"),
                1 / 3f,
                "review",
                "confidence 0.33 is under the accept threshold 0.70");
        assertThat(json("golden", "manifest.json").get("back_off").asBoolean()).isTrue();
    }

    @Test
    void rowsScoredWithoutItAreNotCarriedOver() throws IOException {
        assertThat(classify("monday").exitCode()).isZero();
        assertThat((String) predictions("monday").get("b").getAs("decision")).isEqualTo("review");

        AisleRun run = classify(
                "tuesday",
                "--back-off",
                "--previous",
                "CURRENT",
                "--set",
                "classify.max-review-change=1",
                "--set",
                "classify.max-label-shift=1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(json("tuesday", "metrics.json").get("products_rescored").asInt())
                .isEqualTo(3);
        assertThat((String) predictions("tuesday").get("b").getAs("decision")).isEqualTo("accepted");
    }

    private static void assertPrediction(
            Row row, List<String> category, float confidence, String decision, String reason) {
        assertThat(row.getList(row.fieldIndex("category_path"))).isEqualTo(category);
        assertThat((String) row.getAs("category")).isEqualTo(category.get(category.size() - 1));
        assertThat((float) row.getAs("confidence")).isEqualTo(confidence, within(1e-5f));
        assertThat((String) row.getAs("decision")).isEqualTo(decision);
        assertThat((String) row.getAs("reason")).isEqualTo(reason);
    }

    private AisleRun classify(String runId, String... options) throws IOException {
        Path input = Files.write(temporary.resolve("catalog.jsonl"), CATALOG);
        List<String> arguments = new ArrayList<>(List.of(
                "classify",
                "--model",
                temporary.resolve("model").toString(),
                "--input",
                input.toString(),
                "--engine",
                "onnx",
                "--run-id",
                runId,
                "--output",
                temporary.resolve("output").toString()));
        Collections.addAll(arguments, options);
        return AisleRun.of(arguments.toArray(String[]::new));
    }

    private Map<String, Row> predictions(String runId) {
        Map<String, Row> predictions = new TreeMap<>();
        TestSession.get()
                .read()
                .parquet(file(runId, "predictions").toString())
                .collectAsList()
                .forEach(row -> predictions.put(row.getAs("id"), row));
        return predictions;
    }

    private JsonNode json(String runId, String name) throws IOException {
        return new ObjectMapper().readTree(file(runId, name).toFile());
    }

    private Path file(String runId, String name) {
        return temporary.resolve("output/runs").resolve(runId).resolve(name);
    }
}
