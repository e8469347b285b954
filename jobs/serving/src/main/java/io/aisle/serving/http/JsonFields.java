package io.aisle.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextCleaner;
import io.aisle.serving.http.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads the fields of a JSON object, and gathers what is wrong with them, each by its pointer, instead of stopping at the first. Read
 * everything, then {@link #check}.
 */
public final class JsonFields {
    private static final int MAX_ERRORS = 20;
    private static final int MAX_SHOWN = 100;

    private final JsonNode object;
    private final String pointer;
    private final List<FieldError> errors;

    private JsonFields(JsonNode object, String pointer, List<FieldError> errors) {
        this.object = object;
        this.pointer = pointer;
        this.errors = errors;
    }

    /**
     * The fields of a body.
     *
     * @param known the names that it may have
     */
    public static JsonFields of(JsonNode body, Set<String> known) {
        JsonFields fields = new JsonFields(body, "", new ArrayList<>());
        fields.requireKnown(known);
        return fields;
    }

    private void requireKnown(Set<String> known) {
        if (!object.isObject()) {
            wrong("", object, "an object");
            return;
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                error(
                        "/" + shown(name).replace("~", "~0").replace("/", "~1"),
                        "found a field that is not known, expected one of "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }

    /** The objects of a list that has to be there, 1 to so many of them. */
    public List<JsonFields> objects(String name, int max, Set<String> known) {
        JsonNode list = object.path(name);
        if (!list.isArray() || list.isEmpty() || list.size() > max) {
            String found = list.isArray() ? list.size() + " of them" : kind(list);
            error("/" + name, "found " + found + ", expected a list of 1 to " + max + " objects");
            return List.of();
        }
        List<JsonFields> objects = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonFields each = new JsonFields(list.get(i), pointer + "/" + name + "/" + i, errors);
            each.requireKnown(known);
            objects.add(each);
        }
        return objects;
    }

    /** An object that has to be there. */
    public JsonFields object(String name, Set<String> known) {
        JsonFields each = new JsonFields(object.path(name), pointer + "/" + name, errors);
        each.requireKnown(known);
        return each;
    }

    /** Complains where a field is absent. */
    public void require(String name, String expected) {
        if (object.path(name).isMissingNode()) {
            error("/" + name, "found nothing, expected " + expected);
        }
    }

    /** A text; nothing where it is absent. */
    public Optional<String> text(String name, int maxCharacters) {
        JsonNode node = object.path(name);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            wrong("/" + name, node, "a text");
            return Optional.empty();
        }
        return Optional.of(bounded(name, node.textValue(), maxCharacters));
    }

    /** A text, or a list of texts, which are joined by a space; empty where it is absent. */
    public String texts(String name, int maxCharacters) {
        JsonNode node = object.path(name);
        if (node.isMissingNode()) {
            return "";
        }
        if (node.isTextual()) {
            return bounded(name, node.textValue(), maxCharacters);
        }
        if (!node.isArray()) {
            wrong("/" + name, node, "a text or a list of texts");
            return "";
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            if (node.get(i).isTextual()) {
                texts.add(node.get(i).textValue());
            } else {
                wrong("/" + name + "/" + i, node.get(i), "a text");
            }
        }
        return bounded(name, String.join(" ", texts), maxCharacters);
    }

    private String bounded(String name, String text, int maxCharacters) {
        if (text.length() > maxCharacters) {
            error(
                    "/" + name,
                    String.format(
                            Locale.ROOT, "found %,d characters, expected at most %,d", text.length(), maxCharacters));
            return "";
        }
        return TextCleaner.withoutLoneSurrogates(text);
    }

    /** A category, root first, as a list of names; nothing where it is absent. */
    public Optional<CategoryPath> path(String name) {
        JsonNode node = object.path(name);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(
                    each -> names.add(each.isTextual() ? TextCleaner.withoutLoneSurrogates(each.textValue()) : ""));
        }
        if (names.isEmpty() || names.stream().anyMatch(CategoryPath::isBlank)) {
            error(
                    "/" + name,
                    "found " + (node.isArray() ? "an empty list, or one with what is no name" : kind(node))
                            + ", expected the names of a category, root first");
            return Optional.empty();
        }
        return Optional.of(new CategoryPath(names));
    }

    /** A number within bounds, both included; nothing where it is absent. */
    public OptionalDouble number(String name, double min, double max) {
        JsonNode node = object.path(name);
        if (node.isMissingNode()) {
            return OptionalDouble.empty();
        }
        if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
            wrong("/" + name, node, "a number from " + min + " to " + max);
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(node.doubleValue());
    }

    /** A whole number within bounds, both included. */
    public int wholeNumber(String name, int min, int max, int absent) {
        JsonNode node = object.path(name);
        if (node.isMissingNode()) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            wrong("/" + name, node, "a whole number from " + min + " to " + max);
            return absent;
        }
        return node.intValue();
    }

    /** True or false; false where it is absent. */
    public boolean flag(String name) {
        JsonNode node = object.path(name);
        if (!node.isMissingNode() && !node.isBoolean()) {
            wrong("/" + name, node, "true or false");
        }
        return node.asBoolean(false);
    }

    private void wrong(String name, JsonNode found, String expected) {
        String shown = found.isNumber() ? " " + found.asText() : "";
        error(name, "found " + kind(found) + shown + ", expected " + expected);
    }

    /** Notes what is wrong with a field of this object. */
    public void error(String name, String detail) {
        if (errors.size() < MAX_ERRORS) {
            errors.add(new FieldError(pointer + name, detail));
        }
    }

    /**
     * Ends the reading.
     *
     * @throws Problem where anything was wrong
     */
    public void check() {
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
    }

    /** As much of a text of the request as an answer repeats. */
    public static String shown(String text) {
        String whole = TextCleaner.withoutLoneSurrogates(text).replaceAll("\\p{Cntrl}", "\uFFFD");
        return whole.codePointCount(0, whole.length()) <= MAX_SHOWN
                ? whole
                : whole.substring(0, whole.offsetByCodePoints(0, MAX_SHOWN)) + "…";
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a text";
            case NUMBER -> "the number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case MISSING -> "nothing";
        };
    }
}
