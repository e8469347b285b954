package io.aisle.batch.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.aisle.batch.Machine;
import io.aisle.batch.process.PublishedRows.Difference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the tries of this JVM showed, a row a fault, as {@code target/faults/table.json} and {@code table.md}: rewritten by each try. Faults
 * that were not tried keep the rows of the table that {@code aisle.fault.table} names.
 */
final class FaultTable {
    private static final Path DIRECTORY = Path.of("target", "faults");
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Map<String, Line> LINES = linesBefore();
    private static final Map<String, List<Try>> TRIES = new LinkedHashMap<>();

    private record Try(Difference difference, double recoverySeconds) {}

    private record Line(
            String fault,
            long first_seed,
            int tries,
            long lost,
            long duplicated,
            long changed,
            double recovery_seconds_median,
            double recovery_seconds_max) {
        private static Line of(String fault, List<Try> tries) {
            double[] seconds =
                    tries.stream().mapToDouble(Try::recoverySeconds).sorted().toArray();
            int middle = seconds.length / 2;
            double median = seconds.length % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
            return new Line(
                    fault,
                    Nights.seeds().findFirst().orElseThrow(),
                    tries.size(),
                    tries.stream().mapToLong(one -> one.difference.lost()).sum(),
                    tries.stream().mapToLong(one -> one.difference.duplicated()).sum(),
                    tries.stream().mapToLong(one -> one.difference.changed()).sum(),
                    round(median),
                    round(seconds[seconds.length - 1]));
        }

        private static double round(double seconds) {
            return Math.round(seconds * 10) / 10.0;
        }
    }

    private FaultTable() {}

    private static Map<String, Line> linesBefore() {
        Map<String, Line> lines = new LinkedHashMap<>();
        String before = System.getProperty("aisle.fault.table", "");
        if (!before.isEmpty()) {
            try {
                for (JsonNode line : MAPPER.readTree(Path.of(before).toFile()).path("faults")) {
                    lines.put(line.path("fault").textValue(), MAPPER.treeToValue(line, Line.class));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return lines;
    }

    /**
     * Notes a try.
     *
     * @param recoverySeconds from the start of the job that published to what it published
     */
    static synchronized void add(String fault, Difference difference, double recoverySeconds) {
        List<Try> tries = TRIES.computeIfAbsent(fault, name -> new ArrayList<>());
        tries.add(new Try(difference, recoverySeconds));
        LINES.put(fault, Line.of(fault, tries));
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("machine", Machine.inWords());
        table.put("predictions_per_run", Nights.afterSecond().rows().size());
        table.put("faults", LINES.values());
        try {
            Files.createDirectories(DIRECTORY);
            MAPPER.writeValue(DIRECTORY.resolve("table.json").toFile(), table);
            Files.writeString(DIRECTORY.resolve("table.md"), markdown(table));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String markdown(Map<String, Object> table) {
        StringBuilder text = new StringBuilder("Machine: " + table.get("machine") + ". "
                + table.get("predictions_per_run") + " predictions a run.\n\n"
                + "| fault | seeds | tries | lost | duplicated | changed | recovery seconds: median | max |\n"
                + "|---|---|---|---|---|---|---|---|\n");
        for (Line line : LINES.values()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | from %d | %d | %d | %d | %d | %.1f | %.1f |%n",
                    line.fault,
                    line.first_seed,
                    line.tries,
                    line.lost,
                    line.duplicated,
                    line.changed,
                    line.recovery_seconds_median,
                    line.recovery_seconds_max));
        }
        return text.toString();
    }
}
