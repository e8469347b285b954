package io.aisle.batch.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import io.aisle.core.UserException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows of comma-separated values under the header of their own file (RFC 4180: a quote inside quotes is doubled). A row with more or
 * fewer fields than the header is quarantined.
 */
final class CsvCutter implements RecordCutter {
    private static final int MAX_COLUMNS = 10_000;
    // the parser's own, NUL, may stand in a file
    private static final char NO_CHARACTER = '\uFFFF';

    private final String file;
    private final CsvRows rows;
    private final CsvParser parser;
    private final int maxCharacters;
    private List<String> header;

    /** @param file for messages */
    CsvCutter(String file, Reader reader, CatalogSettings.Limits limits) {
        this.file = file;
        this.maxCharacters = limits.recordCharacters();
        this.rows = new CsvRows(reader, maxCharacters);
        CsvParserSettings settings = new CsvParserSettings();
        settings.getFormat().setLineSeparator("\n");
        settings.getFormat().setQuoteEscape('"');
        settings.getFormat().setCharToEscapeQuoteEscaping(NO_CHARACTER);
        settings.setCommentProcessingEnabled(false);
        settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.STOP_AT_CLOSING_QUOTE);
        settings.setIgnoreLeadingWhitespaces(false);
        settings.setIgnoreTrailingWhitespaces(false);
        settings.setSkipEmptyLines(false);
        settings.setNormalizeLineEndingsWithinQuotes(false);
        settings.setNullValue("");
        settings.setEmptyValue("");
        settings.setMaxCharsPerColumn(-1);
        settings.setMaxColumns(MAX_COLUMNS);
        settings.setReadInputOnSeparateThread(false);
        settings.setInputBufferSize(1 << 14);
        this.parser = new CsvParser(settings);
    }

    /** The names of the columns; empty where the file is. */
    List<String> header() throws IOException {
        if (header == null) {
            String row = nextRow();
            List<String> names = new ArrayList<>();
            for (String name : row == null ? new String[0] : fields(row)) {
                names.add(name.strip());
            }
            Set<String> distinct = new HashSet<>();
            for (String name : names) {
                if (!distinct.add(name)) {
                    throw new UserException("Cannot read " + file + ": found the column \"" + name
                            + "\" twice in its header, expected names that differ.");
                }
            }
            header = names;
        }
        return header;
    }

    private String nextRow() throws IOException {
        String row = rows.next();
        while (row != null && JsonRecords.isBlank(row)) {
            row = rows.next();
        }
        return row;
    }

    private String[] fields(String row) {
        if (row.indexOf('\n') < 0) {
            return fields(parser.parseLine(row));
        }
        parser.beginParsing(new StringReader(row));
        String[] fields = fields(parser.parseNext());
        String[] more = parser.parseNext();
        parser.stopParsing();
        if (more != null) {
            // never a part of a row for the whole
            throw new TextParsingException(null, "found a line end between fields, expected it inside quotes");
        }
        return fields;
    }

    private static String[] fields(String[] parsed) {
        return parsed == null ? new String[] {""} : parsed;
    }

    @Override
    public CutRecord next() throws IOException {
        List<String> names = header();
        String row = nextRow();
        if (row == null) {
            return null;
        }
        if (rows.isCut()) {
            return CutRecord.unusable(
                    row,
                    QuarantineReason.UNPARSABLE,
                    "found a row without an end, or a quote that is not closed, within " + maxCharacters
                            + " characters");
        }
        String[] fields;
        try {
            fields = fields(row);
        } catch (TextParsingException e) {
            return CutRecord.unusable(
                    row,
                    QuarantineReason.UNPARSABLE,
                    "found quotes that can be read in two ways, or more than " + MAX_COLUMNS + " fields");
        }
        if (fields.length != names.size()) {
            return CutRecord.unusable(
                    row,
                    QuarantineReason.UNPARSABLE,
                    "found " + fields.length + " fields, expected the " + names.size() + " of the header");
        }
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < fields.length; i++) {
            record.put(names.get(i), fields[i]);
        }
        return CutRecord.fields(row, record);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
