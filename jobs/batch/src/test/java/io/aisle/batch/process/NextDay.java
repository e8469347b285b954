package io.aisle.batch.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Makes of a generated catalog the one of the day after: of 100 records one is gone, one has another title, and one is new. */
public final class NextDay {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private NextDay() {}

    /** Rewrites file by file. Records that are broken stay as they are. */
    public static void write(Path day, Path nextDay, long seed) throws IOException {
        Files.createDirectories(nextDay);
        Random random = new Random(seed);
        try (Stream<Path> files = Files.list(day)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".gz"))
                    .sorted()
                    .toList()) {
                rewrite(file, nextDay.resolve(file.getFileName()), random);
            }
        }
    }

    private static void rewrite(Path from, Path to, Random random) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(from)), StandardCharsets.UTF_8));
                BufferedWriter out = new BufferedWriter(new OutputStreamWriter(
                        new GZIPOutputStream(Files.newOutputStream(to)), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                for (String next : next(line, random.nextInt(100))) {
                    out.write(next);
                    out.write('\n');
                }
            }
        }
    }

    private static List<String> next(String line, int fate) {
        return switch (fate) {
            case 0 -> List.of();
            case 1 -> List.of(changed(line, ""));
            case 2 -> List.of(line, changed(line, "-new"));
            default -> List.of(line);
        };
    }

    /** The record under an id with that ending, and with a longer title. */
    private static String changed(String line, String idEnding) {
        try {
            if (MAPPER.readTree(line) instanceof ObjectNode record
                    && record.path("asin").isTextual()) {
                record.put("asin", record.get("asin").textValue() + idEnding);
                record.put("title", record.path("title").asText() + " second edition" + idEnding);
                return MAPPER.writeValueAsString(record);
            }
            return line;
        } catch (JsonProcessingException broken) {
            return line;
        }
    }
}
