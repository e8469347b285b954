package io.aisle.batch.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/** How reports are written as JSON: indented, and null for a number that is undefined. */
public final class ReportJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ReportJson() {}

    /** The report's text. */
    public static String of(Map<String, Object> report) {
        return write(report);
    }

    /** The same, every text in it cut to a number of characters, and an ellipsis. */
    static String ofShortTexts(Map<String, Object> report, int maxCharacters) {
        JsonNode tree = MAPPER.valueToTree(report);
        shorten(tree, maxCharacters);
        return write(tree);
    }

    private static void shorten(JsonNode node, int maxCharacters) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> entry.setValue(shortened(entry.getValue(), maxCharacters)));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, shortened(array.get(i), maxCharacters));
            }
        }
    }

    private static JsonNode shortened(JsonNode node, int maxCharacters) {
        if (!node.isTextual() || node.textValue().length() <= maxCharacters) {
            shorten(node, maxCharacters);
            return node;
        }
        String text = node.textValue();
        boolean splitsPair = Character.isHighSurrogate(text.charAt(maxCharacters - 1));
        return TextNode.valueOf(text.substring(0, splitsPair ? maxCharacters - 1 : maxCharacters) + "…");
    }

    private static String write(Object report) {
        try {
            return MAPPER.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** JSON has no NaN. */
    public static Double orNull(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(value);
    }
}
