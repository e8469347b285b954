package io.aisle.bench;

import io.aisle.bench.Measurements.Ratio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ratios of a run of a bench beside those that were stored: ratios, since they move less from machine to machine than what they are made of.
 *
 * @param lines one a ratio, to be read
 * @param worse what of {@code lines} is worse by more than {@link #TOLERANCE}, or missing
 */
record Comparison(List<String> lines, List<String> worse) {
    /** The share of a stored ratio that may be lost without a word: about what a quiet machine differs by from itself. */
    static final double TOLERANCE = 0.1;

    static Comparison of(List<Ratio> stored, List<Ratio> now) {
        Map<String, Double> before = medians(stored);
        Map<String, Double> after = medians(now);
        List<String> lines = new ArrayList<>();
        List<String> worse = new ArrayList<>();
        before.forEach((what, ratio) -> {
            Double found = after.get(what);
            boolean isWorse = found == null || !(found >= ratio * (1 - TOLERANCE));
            String line = what + ": " + Measurements.number(ratio) + " stored, "
                    + (found == null ? "not measured" : Measurements.number(found) + " now")
                    + (isWorse ? ", WORSE" : "");
            lines.add(line);
            if (isWorse) {
                worse.add(line);
            }
        });
        return new Comparison(lines, worse);
    }

    private static Map<String, Double> medians(List<Ratio> ratios) {
        Map<String, Double> medians = new LinkedHashMap<>();
        ratios.forEach(ratio -> medians.put(ratio.what(), ratio.rounds().median()));
        return medians;
    }
}
