package io.aisle.bench;

import io.aisle.bench.Measurements.Ratio;
import java.util.List;
import java.util.Map;

/** What was wanted of all benches, in one table: those of their ratios that have a mark to reach. */
final class Summary {
    private Summary() {}

    /**
     * The table, in Markdown.
     *
     * @param ratios of benches by their names
     */
    static String of(Map<String, List<Ratio>> ratios) {
        StringBuilder table = new StringBuilder(
                "| bench | ratio | median | least – greatest | wanted | |\n|---|---|---|---|---|---|\n");
        ratios.forEach((bench, ofBench) -> ofBench.stream()
                .filter(ratio -> ratio.wanted() != null)
                .forEach(ratio -> table.append("| ")
                        .append(bench)
                        .append(" | ")
                        .append(ratio.row())
                        .append(" |\n")));
        return table.toString();
    }
}
