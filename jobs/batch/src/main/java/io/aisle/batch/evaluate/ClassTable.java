package io.aisle.batch.evaluate;

import io.aisle.batch.measure.EvaluationReport;
import io.aisle.core.metric.ClassificationReport.ClassScores;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The classes that a page has room for: where there are too many, the worst and the largest. */
final class ClassTable {
    static final int SHOWN = 1_000;

    private ClassTable() {}

    /**
     * Classes that have rows or were predicted, lowest F1 first, and how many others there are.
     *
     * @param areas under their ROC curves
     */
    static Map<String, Object> json(List<ClassScores> classes, double[] areas) {
        Comparator<Integer> worst = Comparator.<Integer>comparingDouble(
                        label -> classes.get(label).f1())
                .thenComparing(label -> -classes.get(label).support())
                .thenComparing(label -> label);
        Comparator<Integer> largest = Comparator.<Integer>comparingLong(
                        label -> -classes.get(label).support())
                .thenComparing(label -> label);
        List<Integer> measured = IntStream.range(0, classes.size())
                .filter(label ->
                        classes.get(label).support() + classes.get(label).predicted() > 0)
                .boxed()
                .toList();
        TreeSet<Integer> shown = new TreeSet<>(worst);
        if (measured.size() <= SHOWN) {
            shown.addAll(measured);
        } else {
            measured.stream().sorted(largest).limit(SHOWN / 2).forEach(shown::add);
            Stream<Integer> others =
                    measured.stream().filter(label -> !shown.contains(label)).sorted(worst);
            shown.addAll(others.limit(SHOWN - SHOWN / 2).toList());
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(
                "rows",
                shown.stream()
                        .map(label -> EvaluationReport.classJson(classes.get(label), areas[label]))
                        .toList());
        json.put("left_out", measured.size() - shown.size());
        json.put("without_rows", classes.size() - measured.size());
        return json;
    }
}
