package io.aisle.batch.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plain-text table: the first column left, the others right, two blanks between. */
public final class TextTable {
    private final List<String[]> rows = new ArrayList<>();

    public TextTable(String... header) {
        rows.add(header);
    }

    /** Adds a row of as many cells as the header has. */
    public TextTable row(String... cells) {
        rows.add(cells);
        return this;
    }

    /** Each row as its cells by column; a column without a name is called value. */
    List<Map<String, String>> asMaps() {
        String[] header = rows.get(0);
        List<Map<String, String>> maps = new ArrayList<>();
        for (String[] row : rows.subList(1, rows.size())) {
            Map<String, String> map = new LinkedHashMap<>();
            for (int i = 0; i < header.length; i++) {
                map.put(header[i].isEmpty() ? "value" : header[i], row[i]);
            }
            maps.add(map);
        }
        return maps;
    }

    @Override
    public String toString() {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String blanks = " ".repeat(widths[i] - row[i].length());
                line.append(i == 0 ? row[i] + blanks : "  " + blanks + row[i]);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
