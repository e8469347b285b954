package io.aisle.serving.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextCleaner;
import io.aisle.serving.http.Json;
import io.aisle.serving.http.JsonFields;
import io.aisle.serving.http.Problem;
import io.aisle.serving.http.Requests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A file of products on the local disk. A record that cannot be used becomes one with an error, so that there is one for each; a file that
 * is broken as a whole is refused before any is read.
 */
public final class ProductFile {
    private static final List<String> FIELDS = List.of("id", "title", "brand", "description", "feature");
    private static final String NO_ID = "missing_id";

    private final Path file;
    private final FileFormat format;
    private final Map<String, String> columns;
    private final long records;

    /** Told of each record. */
    @FunctionalInterface
    public interface Reader {
        void read(FileRecord record) throws IOException;
    }

    private ProductFile(Path file, FileFormat format, Map<String, String> columns) {
        this.file = file;
        this.format = format;
        this.columns = columns;
        try {
            long[] count = {0};
            forEach(each -> count[0]++);
            this.records = count[0];
        } catch (CharacterCodingException e) {
            throw Problem.invalid("body", "found bytes that are no UTF-8, expected UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads it once, to count and to see whether it can be read.
     *
     * @param columns {@code id=ID,title=Name}: what the fields are called that have other names
     * @throws Problem 422 if it cannot be read
     */
    public static ProductFile open(Path file, FileFormat format, String columns) {
        return new ProductFile(file, format, columns(columns));
    }

    private static Map<String, String> columns(String given) {
        Map<String, String> columns = new TreeMap<>();
        FIELDS.forEach(field -> columns.put(field, field));
        for (String pair : given.isBlank() ? new String[0] : given.split(",", -1)) {
            String[] sides = pair.split("=", 2);
            if (sides.length != 2 || !FIELDS.contains(sides[0].strip()) || sides[1].isBlank()) {
                throw Problem.invalid(
                        "columns",
                        "found " + JsonFields.shown(pair) + ", expected pairs as id=sku,title=name of "
                                + String.join(", ", FIELDS));
            }
            columns.put(sides[0].strip(), sides[1].strip());
        }
        return columns;
    }

    /** How many there are. */
    public long records() {
        return records;
    }

    public FileFormat format() {
        return format;
    }

    /** Reads them in their order. */
    public void forEach(Reader reader) throws IOException {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(
                Files.newInputStream(file),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
            skipByteOrderMark(text);
            if (format == FileFormat.CSV) {
                readCsv(text, reader);
            } else {
                readJsonLines(text, reader);
            }
        }
    }

    private static void skipByteOrderMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != 0xFEFF) {
            text.reset();
        }
    }

    private void readCsv(BufferedReader text, Reader reader) throws IOException {
        QuoteReader quotes = new QuoteReader(text);
        try (CsvReader<CsvRecord> csv = CsvReader.builder()
                .allowMissingFields(true)
                .allowExtraFields(true)
                .ofCsvRecord(quotes)) {
            List<String> header = null;
            for (CsvRecord row : csv) {
                if (header == null) {
                    header = header(row);
                } else {
                    reader.read(record(row, header));
                }
            }
            if (header == null) {
                throw Problem.invalid("body", "found nothing, expected a header and records");
            }
            if (quotes.isOpen()) {
                throw notCsv();
            }
        } catch (CsvParseException e) {
            if (e.getCause() instanceof CharacterCodingException coding) {
                throw coding;
            }
            throw notCsv();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Problem notCsv() {
        return Problem.invalid(
                "body",
                "found a field whose quotes are not closed, one of more than 16 million characters, or a row of more than"
                        + " 16,384 fields, expected CSV (RFC 4180)");
    }

    private List<String> header(CsvRecord row) {
        List<String> header = row.getFields().stream().map(String::strip).toList();
        Set<String> names = new HashSet<>();
        List<String> twice = header.stream().filter(name -> !names.add(name)).toList();
        boolean hasText = FIELDS.stream().skip(1).anyMatch(field -> names.contains(columns.get(field)));
        List<String> wanted = new ArrayList<>(columns.values());
        wanted.removeAll(FIELDS);
        wanted.removeAll(names);
        if (!twice.isEmpty() && columns.containsValue(twice.get(0))) {
            throw Problem.invalid(
                    "body", "found the column " + JsonFields.shown(twice.get(0)) + " twice, expected it once");
        }
        if (!names.contains(columns.get("id")) || !hasText || !wanted.isEmpty()) {
            throw Problem.invalid(
                    "columns",
                    "found the header " + JsonFields.shown(String.join(", ", header)) + ", expected "
                            + (wanted.isEmpty()
                                    ? columns.get("id") + " and one of title, brand, description, feature"
                                    : JsonFields.shown(String.join(", ", wanted)))
                            + ". Say which is which, as in columns=id=sku,title=name");
        }
        return header;
    }

    private FileRecord record(CsvRecord row, List<String> header) {
        if (row.getFieldCount() != header.size()) {
            return FileRecord.unusable("", "unparsable: " + row.getFieldCount() + " fields, expected " + header.size());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            values.put(header.get(i), row.getField(i));
        }
        return product(field -> values.getOrDefault(columns.get(field), ""));
    }

    private void readJsonLines(BufferedReader text, Reader reader) throws IOException {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            if (!line.isBlank()) {
                reader.read(record(line));
            }
        }
    }

    private FileRecord record(String line) {
        JsonNode object;
        try {
            object = Json.read(line);
        } catch (JsonProcessingException e) {
            return FileRecord.unusable("", "unparsable: " + Json.fault(e));
        }
        if (!object.isObject()) {
            return FileRecord.unusable("", "unparsable: no object");
        }
        for (String field : FIELDS) {
            JsonNode value = value(object, columns.get(field));
            boolean isUsable = value.isMissingNode()
                    || value.isNull()
                    || value.isTextual()
                    || (field.equals("id") && value.isIntegralNumber())
                    || (value.isArray() && !field.equals("id") && isAllText(value));
            if (!isUsable) {
                return FileRecord.unusable("", "wrong_type: " + columns.get(field));
            }
        }
        return product(field -> text(value(object, columns.get(field))));
    }

    /** The value of a field; a dot in its name reaches into objects, as in the jobs. */
    private static JsonNode value(JsonNode object, String column) {
        JsonNode value = object;
        for (String name : column.split("\\.", -1)) {
            value = value.path(name);
        }
        return value.isMissingNode() ? object.path(column) : value;
    }

    private static boolean isAllText(JsonNode list) {
        for (JsonNode each : list) {
            if (!each.isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.asText("");
        }
        List<String> texts = new ArrayList<>();
        value.forEach(each -> texts.add(each.asText()));
        return String.join(" ", texts);
    }

    private static FileRecord product(Function<String, String> field) {
        String id = TextCleaner.withoutLoneSurrogates(field.apply("id").strip());
        if (id.isEmpty()) {
            return FileRecord.unusable("", NO_ID);
        }
        for (String name : FIELDS) {
            if (field.apply(name).length() > (name.equals("id") ? Requests.MAX_ID : Requests.MAX_FIELD)) {
                return FileRecord.unusable(JsonFields.shown(id), "over_long_field: " + name);
            }
        }
        return FileRecord.of(new Product(
                id,
                TextCleaner.withoutLoneSurrogates(field.apply("title")),
                TextCleaner.withoutLoneSurrogates(field.apply("brand")),
                TextCleaner.withoutLoneSurrogates(field.apply("description")),
                TextCleaner.withoutLoneSurrogates(field.apply("feature"))));
    }
}
