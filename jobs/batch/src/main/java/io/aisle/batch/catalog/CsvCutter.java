package io.aisle.batch.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.core.UserException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows of comma-separated values under the header of their own file (RFC 4180: a quote inside quotes is doubled). A row with more or
 * fewer fields than the header is quarantined.
 */
final class CsvCutter implements RecordCutter {
    private final String file;
    private final CsvRows rows;
    private final int maxCharacters;
    private List<String> header;

    /** @param file for messages */
    CsvCutter(String file, Reader reader, CatalogSettings.Limits limits) {
        this.file = file;
        this.maxCharacters = limits.recordCharacters();
        this.rows = new CsvRows(reader, maxCharacters);
    }

    /** The names of the columns; empty where the file is. */
    List<String> header() throws IOException {
        if (header == null) {
            String row = nextRow();
            if (rows.isCut()) {
                throw new UserException("Cannot read " + file
                        + ": found a quote that is not closed in its header, expected the names of the columns.");
            }
            List<String> names = new ArrayList<>();
            for (String name : row == null ? List.<String>of() : rows.fields()) {
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
        List<String> fields = rows.fields();
        if (fields.size() != names.size() || fields.size() > CsvRows.MAX_FIELDS) {
            return CutRecord.unusable(
                    row,
                    QuarantineReason.UNPARSABLE,
                    "found " + count(fields) + " fields, expected the " + names.size() + " of the header");
        }
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < fields.size(); i++) {
            record.put(names.get(i), fields.get(i));
        }
        return CutRecord.fields(row, record);
    }

    private static String count(List<String> fields) {
        return fields.size() > CsvRows.MAX_FIELDS ? "more than " + CsvRows.MAX_FIELDS : "" + fields.size();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
