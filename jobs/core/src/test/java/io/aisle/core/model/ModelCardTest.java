package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.aisle.core.metric.BootstrapIntervals.Interval;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

class ModelCardTest {
    private static final Provenance PROVENANCE = Provenance.of(
            "sha \"1\" \\ 2",
            Map.of("train", 7L),
            Map.of(
                    "kind", "bag",
                    "epochs", "3",
                    "threads", "2",
                    "prepare.fraction", "0.5",
                    "prepare.min_class_size", "30",
                    "prepare.split", "[0.8, 0.1, 0.1]",
                    "prepare.split_seed", "42"),
            Map.of("java", "17.0.15"));

    private static final SortedMap<String, Double> METRICS = new TreeMap<>(Map.of(
            "validation_accuracy", 0.91,
            "validation_macro_f1", 0.85,
            "validation_weighted_f1", 0.905,
            "validation_ece_before", 0.08,
            "validation_ece_after", 0.00001,
            "validation_accepted_precision", Double.NaN,
            "validation_cascade_sent_share", 0.25));

    private static final TrainingSummary TRAINING = TrainingSummary.of(
            Map.of("train", 4_000L, "validation", 500L, "test", 500L, "quarantined", 0L),
            List.of(3_900L, 7L, 93L),
            Map.of("validation_accuracy", new Interval(0.88, 0.935)),
            List.of());

    private final JsonSchema schema = schema();

    static List<ModelDefinition> kinds() {
        TextRecipe recipe = TextRecipe.standard();
        SortedMap<String, String> folds = ModelDefinition.sorted(Map.of());
        NgramSettings words = new NgramSettings(1, 1, 0, new TreeSet<>(), new TreeMap<>());
        return List.of(
                TinyBundle.MODEL,
                TinyLinear.MODEL,
                new TreesDefinition(
                        recipe,
                        TinyBundle.LABELS,
                        folds,
                        words,
                        7,
                        "xgboost",
                        3,
                        TreesDefinition.Leaves.LOGITS,
                        Scaling.NONE),
                new MlpDefinition(recipe, TinyBundle.LABELS, folds, words, List.of(7, 3), Scaling.NONE),
                new StackDefinition(
                        recipe,
                        TinyBundle.LABELS,
                        folds,
                        List.of(TinyLinear.MODEL, TinyBundle.MODEL),
                        List.of(0.4, 0.6),
                        Scaling.NONE),
                new CascadeDefinition(
                        recipe, TinyBundle.LABELS, folds, TinyLinear.MODEL, TinyBundle.MODEL, 0.5, Scaling.NONE));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void frontMatterOfEveryKindIsAModelIndex(ModelDefinition kind) throws IOException {
        for (SortedMap<String, Double> metrics : List.of(METRICS, new TreeMap<String, Double>())) {
            JsonNode matter = frontMatter(card(kind, metrics, TRAINING, 0.75));

            assertThat(schema.validate(matter)).isEmpty();
            assertThat(matter.has("model-index")).isEqualTo(!metrics.isEmpty());
        }
    }

    @Test
    void schemaRefusesWhatIsNoModelIndex() throws IOException {
        String card = card(TinyBundle.MODEL, METRICS, TRAINING, 0.75);

        for (String broken : List.of(
                card.replace("value: 0.91\n", "value: much\n"),
                card.replace("type: catalog", "kind: catalog"),
                card.replace("model-index:", "model_index:"),
                card.replace("type: text-classification", "type: 7"))) {
            Set<ValidationMessage> faults = schema.validate(frontMatter(broken));
            assertThat(faults).isNotEmpty();
        }
    }

    @Test
    void metricsHaveTheNamesThatOthersKnowAndTheirIntervals() throws IOException {
        JsonNode model =
                frontMatter(card(TinyBundle.MODEL, METRICS, TRAINING, 0.75)).at("/model-index/0");
        JsonNode result = model.at("/results/0");

        assertThat(model.get("name").asText()).isEqualTo("bag");
        assertThat(result.at("/dataset/revision").asText()).isEqualTo("sha \"1\" \\ 2");
        assertThat(result.get("metrics")).hasSize(6);
        assertThat(result.at("/metrics/0")).isEqualTo(json("""
                {"type": "accuracy", "value": 0.91, "name": "Accuracy (95%: 0.8800 – 0.9350)"}"""));
        assertThat(result.at("/metrics/1")).isEqualTo(json("""
                {"type": "f1", "value": 0.905, "name": "Weighted F1", "args": {"average": "weighted"}}"""));
        assertThat(result.at("/metrics/3/value").asDouble()).isEqualTo(0.00001);
        assertThat(result.at("/metrics/5")).isEqualTo(json("""
                {"type": "cascade_sent_share", "value": 0.25, "name": "Cascade sent share"}"""));
    }

    @Test
    void saysWhatPeopleAsk() {
        String card = card(TinyBundle.MODEL, METRICS, TRAINING, 0.75);

        assertThat(card)
                .contains("by its title, brand, description and feature.")
                .contains("- Rows: test 500, train 4,000, validation 500.\n")
                .contains("- Categories a level, root first: 3, 3.\n")
                .contains("- Share of each class that was sampled: 0.5.\n")
                .contains("- Classes of fewer than 30 rows were folded into the one beside or above them: 1 ")
                .contains("- Train, validation and test: [0.8, 0.1, 0.1] of the titles, by seed 42.\n")
                .contains(
                        "24 at most. A field's part, what is left over passed on: title 30%, brand 5%, description 40%, feature 25%.")
                .contains("- `epochs`: 3\n")
                .doesNotContain("`threads`")
                .contains("| Accuracy | 0.9100 | 0.8800 – 0.9350 |\n")
                .contains("| Macro F1 | 0.8500 |  |\n")
                .contains("A prediction of confidence 0.7500 or more is accepted")
                .contains("1 of 3 categories had fewer than 50 train rows, the fewest: `Grocery > Café` (7).")
                .contains("- java 17.0.15\n");
    }

    @Test
    void saysNothingThatABundleDoesNotKnow() {
        String card = new ModelCard(
                        TinyLinear.MODEL,
                        Provenance.of("none", Map.of(), Map.of(), Map.of()),
                        new TreeMap<>(),
                        TrainingSummary.NONE,
                        1.001,
                        0.92)
                .markdown();

        assertThat(card)
                .contains("No metric was written with it.")
                .contains(
                        "No prediction is accepted, all are for a person to look at: no threshold had a precision of 0.92")
                .doesNotContain(
                        "Rows:", "train rows, the fewest", "An interval", "## Training", "## Versions", "1.001");
    }

    private static String card(
            ModelDefinition model, SortedMap<String, Double> metrics, TrainingSummary training, double threshold) {
        return new ModelCard(model, PROVENANCE, metrics, training, threshold, 0.92).markdown();
    }

    private static JsonNode frontMatter(String card) {
        String[] parts = card.split("(?m)^---$", 3);
        assertThat(parts[0]).isEmpty();
        return new ObjectMapper().valueToTree(new Yaml().load(parts[1]));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private static JsonSchema schema() {
        InputStream resource = ModelCardTest.class.getResourceAsStream("model-index.schema.json");
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(resource);
    }
}
