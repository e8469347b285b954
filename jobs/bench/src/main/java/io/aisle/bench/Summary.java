package io.aisle.bench;

import io.aisle.bench.Measurements.Ratio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What was wanted of all benches, in one table: those ratios of their files that have a mark to reach. */
final class Summary {
    private Summary() {}

    /**
     * The table, in Markdown.
     *
     * @param files of benches by their names; those that are not there are left out
     */
    static String of(Map<String, Path> files) throws IOException {
        StringBuilder table = new StringBuilder(
                "| bench | ratio | median | least – greatest | wanted | |\n|---|---|---|---|---|---|\n");
        for (Map.Entry<String, Path> bench : files.entrySet()) {
            List<Ratio> ratios = Files.exists(bench.getValue()) ? Measurements.ratios(bench.getValue()) : List.of();
            for (Ratio ratio : ratios) {
                if (ratio.wanted() != null) {
                    table.append("| ")
                            .append(bench.getKey())
                            .append(" | ")
                            .append(ratio.row())
                            .append(" |\n");
                }
            }
        }
        return table.toString();
    }
}
