package io.aisle.batch.generate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes a row as one line of the 2018 Amazon product metadata schema (Ni, Li and McAuley, "Justifying recommendations using
 * distantly-labeled reviews", EMNLP 2019): asin, title, brand, description[], feature[], category[], main_cat.
 */
final class LineWriter {
    private static final List<String> NOT_JSON = List.of(
            "<html><body><h1>502 Bad Gateway</h1></body></html>",
            "asin,title,brand,description,feature,category,main_cat",
            "null",
            "# end of part 3",
            "\"asin\" \"title\" \"brand\"",
            "[]");

    private final JsonFactory json = new JsonFactory();

    String line(GeneratedRow row, Draws draws) {
        if (row.breakage() == Breakage.NOT_JSON) {
            return draws.pick(NOT_JSON);
        }
        String line = json(row, draws);
        return row.breakage() == Breakage.CUT ? cut(line, draws) : line;
    }

    private static String cut(String line, Draws draws) {
        int end = line.length() / 3 + draws.below(line.length() - line.length() / 3);
        // half a surrogate pair cannot be written as UTF-8
        return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end);
    }

    private String json(GeneratedRow row, Draws draws) {
        StringWriter out = new StringWriter(1024);
        try (JsonGenerator line = json.createGenerator(out)) {
            boolean isEmpty = row.breakage() == Breakage.EMPTY_TEXT;
            int wrong = row.breakage() == Breakage.WRONG_TYPE ? draws.below(3) : -1;
            line.writeStartObject();
            writeText(line, "asin", row.breakage() == Breakage.MISSING_ID ? "" : row.asin(), draws);
            line.writeStringField("title", isEmpty ? "" : row.title());
            writeText(line, "brand", isEmpty ? "" : row.brand(), draws);
            if (wrong == 0) {
                line.writeNumberField("description", row.index());
            } else {
                writeList(line, "description", isEmpty ? List.of() : row.description(), draws);
            }
            if (wrong == 1) {
                writeObject(line, "feature", row.feature());
            } else {
                writeList(line, "feature", isEmpty ? List.of() : row.feature(), draws);
            }
            if (wrong == 2) {
                // no number: that is a label to a reader that takes numbers for names
                writeObject(line, "category", row.label().names());
            } else {
                writeList(line, "category", row.label().names(), draws);
            }
            line.writeStringField("main_cat", row.label().names().get(0));
            line.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write row " + row.index(), e);
        }
        return out.toString();
    }

    /** What is missing is left out, null or empty, as real catalogs have it. */
    private static void writeText(JsonGenerator line, String field, String text, Draws draws) throws IOException {
        if (!text.isEmpty()) {
            line.writeStringField(field, text);
            return;
        }
        switch (draws.below(3)) {
            case 0 -> line.writeNullField(field);
            case 1 -> line.writeStringField(field, "");
            default -> {
                // left out
            }
        }
    }

    private static void writeObject(JsonGenerator line, String field, List<String> texts) throws IOException {
        line.writeObjectFieldStart(field);
        line.writeStringField("text", String.join(" ", texts));
        line.writeEndObject();
    }

    private static void writeList(JsonGenerator line, String field, List<String> texts, Draws draws)
            throws IOException {
        int way = texts.isEmpty() ? draws.below(3) : 0;
        if (way == 1) {
            return;
        }
        line.writeArrayFieldStart(field);
        for (String text : texts) {
            line.writeString(text);
        }
        if (way == 2) {
            line.writeString("");
        }
        line.writeEndArray();
    }
}
