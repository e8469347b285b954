package io.aisle.batch.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.aisle.batch.catalog.RecordCutter.CutRecord;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import io.aisle.core.product.Taxonomy;
import io.aisle.core.text.TextCleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads one record as a raw product, by the columns of the settings. A column is a field's name, or, where there is no such field, a
 * path of names between dots that reaches into objects, and through lists into each of their objects. Not thread-safe; one a task.
 */
final class JsonRecords {
    /** The bit of {@link RawRecord#present} that every JSON object sets. */
    static final long IS_OBJECT = Long.MIN_VALUE;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final int LONG_DIGITS = 20;

    private static final ObjectMapper MAPPER = mapper(true);

    private final CatalogSettings settings;
    private final List<String> mapped;
    private final Taxonomy taxonomy;

    /** @param taxonomy null where records name whole paths */
    JsonRecords(CatalogSettings settings, Taxonomy taxonomy) {
        this.settings = settings;
        this.mapped = settings.mappedColumns();
        this.taxonomy = taxonomy;
    }

    /**
     * A record as it was read.
     *
     * @param product null where the record cannot be used
     * @param label the rendered path of the truth, null where the record carries none
     * @param updatedAt sorts as text, whole numbers by their value; of a correction an instant in UTC with nine digits of the second;
     *     empty where there is none
     * @param updatedBy who changed it, null where nobody is named
     * @param price null where there is none that can be read, or nobody asks
     * @param reason null where the record can be used
     * @param present bit i is set where the record has the i-th of {@link CatalogSettings#mappedColumns}
     */
    record RawRecord(
            Product product,
            String label,
            String updatedAt,
            String updatedBy,
            Double price,
            QuarantineReason reason,
            String detail,
            long present) {
        static RawRecord unusable(Unusable why, long present) {
            return new RawRecord(null, null, "", null, null, why.reason, why.getMessage(), present);
        }
    }

    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;
        private final QuarantineReason reason;

        Unusable(QuarantineReason reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
        }
    }

    /** @param isWhole whether a text is one value, with nothing after it */
    static ObjectMapper mapper(boolean isWhole) {
        ObjectMapper mapper = JsonMapper.builder()
                .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, isWhole)
                // messages become details, which stand beside the raw line
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        // longer than any field that the settings allow, so that a long text is quarantined for its length, not as
        // unparsable
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .build());
        return mapper;
    }

    /** Whether a line holds nothing, not even a broken record. */
    static boolean isBlank(String line) {
        return withoutByteOrderMark(line).isBlank();
    }

    private static String withoutByteOrderMark(String line) {
        return line.startsWith(BYTE_ORDER_MARK) ? line.substring(BYTE_ORDER_MARK.length()) : line;
    }

    RawRecord read(String line) {
        try {
            return read(parse(line));
        } catch (Unusable e) {
            return RawRecord.unusable(e, 0);
        }
    }

    RawRecord read(JsonNode object) {
        long present = 0;
        try {
            requireObject(object);
            present = present(object);
            Product product = new Product(
                    identifier(object),
                    text(object, "title"),
                    text(object, "brand"),
                    text(object, "description"),
                    text(object, "feature"));
            Double price = settings.observes() ? Price.of(field(object, settings.column("price"))) : null;
            return new RawRecord(
                    product, label(object), updatedAt(object), updatedBy(object), price, null, "", present);
        } catch (Unusable e) {
            return RawRecord.unusable(e, present);
        }
    }

    /** The names of a record's fields; none where it is no JSON object. */
    static List<String> fieldNames(CutRecord record) {
        List<String> names = new ArrayList<>();
        try {
            if (record.reason() != null) {
                return names;
            }
            JsonNode object = record.fields() != null ? record.fields() : parse(record.raw());
            requireObject(object);
            object.fieldNames().forEachRemaining(names::add);
        } catch (Unusable noObject) {
            names.clear();
        }
        return names;
    }

    private long present(JsonNode object) {
        long present = IS_OBJECT;
        for (int i = 0; i < mapped.size(); i++) {
            present |= isPresent(object, mapped.get(i)) ? 1L << i : 0;
        }
        return present;
    }

    private static JsonNode parse(String line) throws Unusable {
        try {
            return MAPPER.readTree(withoutByteOrderMark(line));
        } catch (JsonProcessingException e) {
            throw new Unusable(QuarantineReason.UNPARSABLE, e.getOriginalMessage());
        }
    }

    private static void requireObject(JsonNode node) throws Unusable {
        if (!node.isObject()) {
            throw new Unusable(QuarantineReason.UNPARSABLE, "the record is " + kind(node) + ", expected a JSON object");
        }
    }

    /** Whether a record has a field, whatever it holds. */
    private static boolean isPresent(JsonNode object, String column) {
        try {
            return field(object, column) != null;
        } catch (Unusable otherShape) {
            return true;
        }
    }

    /** The field of a column, null where the record lacks it. */
    private static JsonNode field(JsonNode object, String column) throws Unusable {
        JsonNode node = object.get(column);
        int dot = column.indexOf('.');
        if (node != null || dot < 0) {
            return node;
        }
        String name = column.substring(0, dot);
        String rest = column.substring(dot + 1);
        JsonNode outer = object.get(name);
        if (outer == null || outer.isNull() || outer.isObject()) {
            return outer == null || outer.isNull() ? outer : field(outer, rest);
        }
        if (!outer.isArray()) {
            throw wrongType(name, " is ", outer, "an object or a list of objects that hold " + rest);
        }
        ArrayNode inner = MAPPER.createArrayNode();
        for (JsonNode element : outer) {
            if (!element.isObject() && !element.isNull()) {
                throw wrongType(name, " holds ", element, "objects that hold " + rest);
            }
            JsonNode found = element.isNull() ? null : field(element, rest);
            if (found != null) {
                inner.add(found);
            }
        }
        return inner;
    }

    private String identifier(JsonNode object) throws Unusable {
        String column = settings.column("id");
        JsonNode node = field(object, column);
        if (node == null || node.isNull()) {
            throw new Unusable(QuarantineReason.MISSING_ID, "found no field " + column);
        }
        if (!node.isTextual() && !node.isIntegralNumber()) {
            throw wrongType(column, " is ", node, "text or a whole number");
        }
        String identifier = node.asText().strip();
        if (identifier.isEmpty()) {
            throw new Unusable(QuarantineReason.MISSING_ID, "found an empty field " + column);
        }
        if (!TextCleaner.withoutLoneSurrogates(identifier).equals(identifier)) {
            // replaced, it could become the id of another product
            throw new Unusable(QuarantineReason.WRONG_TYPE, column + " holds half a character, expected Unicode text");
        }
        return identifier;
    }

    /** A text field; a list of texts is joined by one space, in order. */
    private String text(JsonNode object, String field) throws Unusable {
        String column = settings.column(field);
        JsonNode node = field(object, column);
        String text = node == null ? "" : String.join(" ", texts(column, node, "text or a list of texts"));
        int maxCharacters = settings.limits().fieldCharacters();
        if (text.length() > maxCharacters) {
            throw new Unusable(
                    QuarantineReason.OVER_LONG_FIELD,
                    column + " has " + text.length() + " characters, expected at most " + maxCharacters);
        }
        return text;
    }

    private static List<String> texts(String column, JsonNode node, String expected) throws Unusable {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        } else if (node.isArray()) {
            for (JsonNode element : node) {
                if (element.isTextual()) {
                    texts.add(element.asText());
                } else if (!element.isNull()) {
                    throw wrongType(column, " holds ", element, expected);
                }
            }
        } else if (!node.isNull()) {
            throw wrongType(column, " is ", node, expected);
        }
        return texts;
    }

    /**
     * The truth: the names of every label column, root first; a list is a whole path, a number a name. A correction's text is a whole
     * path too, as predictions give it. Where there is a taxonomy, it gives the path of the deepest category named.
     */
    private String label(JsonNode object) throws Unusable {
        List<String> names = new ArrayList<>();
        for (String column : settings.labelColumns()) {
            JsonNode node = field(object, column);
            if (node == null) {
                continue;
            }
            if (node.isTextual() && settings.format() == CatalogFormat.CORRECTIONS) {
                names.addAll(path(column, node.asText()));
            } else if (node.isIntegralNumber()) {
                names.add(node.asText());
            } else {
                names.addAll(texts(column, node, "text, a whole number or a list of texts"));
            }
        }
        names.removeIf(CategoryPath::isBlank);
        names.replaceAll(TextCleaner::withoutLoneSurrogates);
        if (names.isEmpty()) {
            return null;
        }
        return (taxonomy == null ? new CategoryPath(names) : lookedUp(names)).toString();
    }

    private CategoryPath lookedUp(List<String> names) throws Unusable {
        List<CategoryPath> paths = taxonomy.find(names);
        String category = names.get(names.size() - 1);
        if (paths.isEmpty()) {
            throw new Unusable(
                    QuarantineReason.UNKNOWN_CATEGORY, "found the category " + category + ", which the taxonomy lacks");
        }
        if (paths.size() > 1) {
            throw new Unusable(
                    QuarantineReason.AMBIGUOUS_CATEGORY,
                    "found the category " + category + ", which is " + paths.size() + " categories, " + paths.get(0)
                            + " and " + paths.get(1) + " among them, expected one");
        }
        return paths.get(0);
    }

    private static List<String> path(String column, String rendered) throws Unusable {
        if (CategoryPath.isBlank(rendered)) {
            return List.of();
        }
        try {
            return CategoryPath.parse(rendered).names();
        } catch (IllegalArgumentException e) {
            throw new Unusable(QuarantineReason.MISSING_LABEL, "found an empty name in " + column + " " + rendered);
        }
    }

    private String updatedAt(JsonNode object) throws Unusable {
        String column = settings.column("updated_at");
        JsonNode node = settings.isMapped("updated_at") ? field(object, column) : null;
        if (node == null || node.isNull()) {
            return "";
        }
        if (settings.format() == CatalogFormat.CORRECTIONS) {
            boolean isNone = node.isTextual() && node.asText().isBlank();
            return isNone ? "" : instant(column, node);
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return sortable(node.longValue());
        }
        if (node.isTextual()) {
            String text = node.asText().strip();
            return WHOLE_NUMBER.matcher(text).matches()
                    ? sortable(Long.parseLong(text))
                    : TextCleaner.withoutLoneSurrogates(text);
        }
        throw wrongType(column, " is ", node, "text or a whole number of 64 bits");
    }

    private static String instant(String column, JsonNode node) throws Unusable {
        return SortableInstant.of(node.asText())
                .orElseThrow(() -> new Unusable(
                        QuarantineReason.WRONG_TYPE,
                        column + " is " + node + ", expected a time as in 2026-11-26T17:00:00.5Z"));
    }

    private String updatedBy(JsonNode object) throws Unusable {
        String column = settings.column("updated_by");
        JsonNode node = settings.isMapped("updated_by") ? field(object, column) : null;
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isTextual() && !node.isIntegralNumber()) {
            throw wrongType(column, " is ", node, "text or a whole number");
        }
        return TextCleaner.withoutLoneSurrogates(node.asText().strip());
    }

    /** Digits whose order as text is the order of the numbers, negative ones too. */
    private static String sortable(long value) {
        String digits = Long.toUnsignedString(value ^ Long.MIN_VALUE);
        return "0".repeat(LONG_DIGITS - digits.length()) + digits;
    }

    private static Unusable wrongType(String column, String verb, JsonNode node, String expected) {
        return new Unusable(QuarantineReason.WRONG_TYPE, column + verb + kind(node) + ", expected " + expected);
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL, MISSING -> "null";
        };
    }
}
