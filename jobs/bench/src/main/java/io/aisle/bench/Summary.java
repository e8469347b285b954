package io.aisle.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What was wanted of all benches, in one table: the ratios of their stored files that have a mark to reach. */
final class Summary {
    private Summary() {}

    /**
     * The table, in Markdown.
     *
     * @param stored directory of {@code NAME.json} files; those of other makers are left out
     * @param now the file of a bench that was just measured, in the place of the stored one
     */
    static String of(Path stored, Path now) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode current = mapper.readTree(now.toFile());
        List<JsonNode> benches = new ArrayList<>(List.of(current));
        if (Files.isDirectory(stored)) {
            try (Stream<Path> files = Files.list(stored)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                        .sorted()
                        .toList()) {
                    JsonNode bench = mapper.readTree(file.toFile());
                    if (!bench.path("bench")
                            .asText()
                            .equals(current.path("bench").asText())) {
                        benches.add(bench);
                    }
                }
            }
        }
        benches.sort(Comparator.comparing(bench -> bench.path("bench").asText()));
        StringBuilder table = new StringBuilder(
                "| bench | ratio | median | least – greatest | wanted | |\n|---|---|---|---|---|---|\n");
        for (JsonNode bench : benches) {
            for (JsonNode ratio : bench.path("ratios")) {
                if (ratio.has("wanted")) {
                    table.append(row(bench.path("bench").asText(), ratio));
                }
            }
        }
        return table.toString();
    }

    private static String row(String bench, JsonNode ratio) {
        JsonNode rounds = ratio.path("rounds");
        double median = rounds.path("median").doubleValue();
        double wanted = ratio.path("wanted").doubleValue();
        return "| " + bench + " | " + ratio.path("what").asText() + " | " + Measurements.number(median) + " | "
                + Measurements.number(rounds.path("least").doubleValue()) + " – "
                + Measurements.number(rounds.path("greatest").doubleValue()) + " | " + Measurements.number(wanted)
                + " | " + (median >= wanted ? "met" : "**missed**") + " |\n";
    }
}
