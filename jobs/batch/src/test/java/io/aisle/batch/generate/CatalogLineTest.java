package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Lines say what their rows claim. */
class CatalogLineTest {
    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Test
    void wholeLinesHoldTheirRows() throws JsonProcessingException {
        CatalogGenerator generator =
                new CatalogGenerator(GeneratorPlan.of(5_000, 40, 21).withRate(Fault.BROKEN_LINE, 0));
        for (long index = 0; index < 5_000; index++) {
            GeneratedRow row = generator.row(index);
            JsonNode line = json.readTree(generator.line(index));

            assertThat(line.get("asin").textValue()).isEqualTo(row.asin());
            assertThat(line.get("title").textValue()).isEqualTo(row.title()).isNotBlank();
            assertThat(line.path("brand").asText("").replace("null", "")).isEqualTo(row.brand());
            assertThat(texts(line.path("description"))).isEqualTo(row.description());
            assertThat(texts(line.path("feature"))).isEqualTo(row.feature());
            assertThat(texts(line.get("category")))
                    .isEqualTo(row.label().names())
                    .hasSize(3);
            assertThat(line.get("main_cat").textValue())
                    .isEqualTo(row.label().names().get(0));
        }
    }

    @Test
    void everyLineIsOneLineOfUnicode() {
        CatalogGenerator generator = new CatalogGenerator(
                GeneratorPlan.of(5_000, 40, 22).withRate(Fault.UNICODE, 0.9).withRate(Fault.BROKEN_LINE, 0.5));
        for (long index = 0; index < 5_000; index++) {
            String line = generator.line(index);

            assertThat(line).isNotBlank().doesNotContain("\n", "\r");
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(line);
        }
    }

    @Test
    void brokenLinesAreBrokenAsTheyClaim() throws JsonProcessingException {
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(3_000, 40, 23)
                .withRate(Fault.DUPLICATE_ID, 0)
                .withRate(Fault.EXACT_COPY, 0)
                .withRate(Fault.NEAR_COPY, 0)
                .withRate(Fault.BROKEN_LINE, 1));
        Set<Breakage> seen = new HashSet<>();
        for (long index = 0; index < 3_000; index++) {
            Breakage breakage = generator.row(index).breakage();
            seen.add(breakage);
            String line = generator.line(index);
            switch (breakage) {
                case CUT -> assertThat(isJson(line)).as(line).isFalse();
                case NOT_JSON ->
                    assertThat(isJson(line) && json.readTree(line).isObject())
                            .as(line)
                            .isFalse();
                case MISSING_ID -> assertThat(text(line, "asin")).isEmpty();
                case EMPTY_TEXT ->
                    assertThat(text(line, "title")
                                    + text(line, "brand")
                                    + String.join("", texts(json.readTree(line).path("description")))
                                    + String.join("", texts(json.readTree(line).path("feature"))))
                            .isEmpty();
                case WRONG_TYPE -> {
                    JsonNode object = json.readTree(line);
                    assertThat(List.of(
                                    object.path("description").isNumber(),
                                    object.path("feature").isObject(),
                                    object.path("category").isObject()))
                            .containsOnlyOnce(true);
                }
                case NONE -> throw new AssertionError("whole line " + line);
            }
        }
        assertThat(seen).isEqualTo(EnumSet.complementOf(EnumSet.of(Breakage.NONE)));
    }

    @Test
    void missingFieldsAreWrittenInSeveralWays() throws JsonProcessingException {
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(500, 40, 24)
                .withRate(Fault.BROKEN_LINE, 0)
                .withRate(Fault.MISSING_BRAND, 1)
                .withRate(Fault.MISSING_DESCRIPTION, 1));
        Set<String> brands = new HashSet<>();
        Set<String> descriptions = new HashSet<>();
        for (long index = 0; index < 500; index++) {
            JsonNode line = json.readTree(generator.line(index));
            brands.add(String.valueOf(line.get("brand")));
            descriptions.add(line.path("description").toString());
        }

        // a JSON null and a field that is left out both read as "null" here
        assertThat(brands).containsExactlyInAnyOrder("null", "\"\"");
        assertThat(descriptions).containsExactlyInAnyOrder("", "[]", "[\"\"]");
    }

    private boolean isJson(String line) {
        try {
            json.readTree(line);
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private String text(String line, String field) throws JsonProcessingException {
        JsonNode value = json.readTree(line).path(field);
        return value.isTextual() ? value.textValue() : "";
    }

    /** The texts that are not empty. */
    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> {
            if (!text.textValue().isEmpty()) {
                texts.add(text.textValue());
            }
        });
        return texts;
    }
}
