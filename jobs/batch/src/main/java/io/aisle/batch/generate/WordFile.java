package io.aisle.batch.generate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads the word lists on the class path. A list is {@code key: value | value}; a line that starts with a space continues the
 * list before it; {@code #} starts a comment line. Keys may repeat, order is kept.
 */
final class WordFile {
    /** One list of a word file. */
    record Entry(String key, List<String> values) {}

    private WordFile() {}

    static List<Entry> read(String resource) {
        List<Entry> entries = new ArrayList<>();
        for (String line : text(resource).lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String values = line;
            if (!line.startsWith(" ")) {
                int colon = line.indexOf(':');
                entries.add(new Entry(line.substring(0, colon), new ArrayList<>()));
                values = line.substring(colon + 1);
            }
            List<String> list = entries.get(entries.size() - 1).values();
            for (String value : values.split("\\|", -1)) {
                if (!value.isBlank()) {
                    list.add(value.strip());
                }
            }
        }
        return Collections.unmodifiableList(entries);
    }

    private static String text(String resource) {
        try (InputStream stream = WordFile.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(
                        "Cannot read word list " + resource + ": found nothing on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read word list " + resource, e);
        }
    }
}
