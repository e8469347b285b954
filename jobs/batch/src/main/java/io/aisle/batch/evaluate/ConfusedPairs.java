package io.aisle.batch.evaluate;

import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.metric.ConfusionMatrix.Cell;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which label is most often taken for which other one. */
final class ConfusedPairs implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 30;

    private final ArrayList<Pair> pairs = new ArrayList<>();
    private final HashMap<Pair, Integer> places = new HashMap<>();

    /** A truth and what it was taken for, two labels. */
    private record Pair(int truth, int predicted) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** The worst of a confusion matrix over labels: most rows first, of equals the first labels. */
    ConfusedPairs(ConfusionMatrix confusion) {
        confusion.cells().stream()
                .filter(cell -> cell.truth() != cell.predicted())
                // stable, and the cells are in the order of their labels
                .sorted(Comparator.comparingLong(Cell::rows).reversed())
                .limit(SHOWN)
                .forEach(cell -> {
                    Pair pair = new Pair(cell.truth(), cell.predicted());
                    places.put(pair, pairs.size());
                    pairs.add(pair);
                });
    }

    int size() {
        return pairs.size();
    }

    /** The place of a pair among them; -1 where it is none of them. */
    int place(int truth, int predicted) {
        return places.getOrDefault(new Pair(truth, predicted), -1);
    }

    /**
     * The pairs, what is left of them, and the matrix of their labels.
     *
     * @param examples of each pair
     */
    Map<String, Object> json(ConfusionMatrix confusion, List<String> names, List<List<Example>> examples) {
        Map<Pair, Long> rows = new HashMap<>();
        long confused = 0;
        long confusedPairs = 0;
        for (Cell cell : confusion.cells()) {
            rows.put(new Pair(cell.truth(), cell.predicted()), cell.rows());
            confused += cell.truth() == cell.predicted() ? 0 : cell.rows();
            confusedPairs += cell.truth() == cell.predicted() ? 0 : 1;
        }
        long[] support = confusion.support();
        List<Object> shown = new ArrayList<>();
        long shownRows = 0;
        for (int place = 0; place < pairs.size(); place++) {
            Pair pair = pairs.get(place);
            shownRows += rows.get(pair);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("truth", names.get(pair.truth()));
            entry.put("predicted", names.get(pair.predicted()));
            entry.put("rows", rows.get(pair));
            entry.put("share_of_truth", (double) rows.get(pair) / support[pair.truth()]);
            entry.put(
                    "examples", examples.get(place).stream().map(Example::json).toList());
            shown.add(entry);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pairs", shown);
        json.put("left_out", Map.of("pairs", confusedPairs - pairs.size(), "rows", confused - shownRows));
        json.put("matrix", matrix(rows, names));
        return json;
    }

    /** Rows of each truth that was confused, by each label that it or another was taken for; the diagonal where a label is both. */
    private Map<String, Object> matrix(Map<Pair, Long> rows, List<String> names) {
        List<Integer> truths =
                pairs.stream().map(Pair::truth).distinct().sorted().toList();
        List<Integer> predicted =
                pairs.stream().map(Pair::predicted).distinct().sorted().toList();
        Map<String, Object> matrix = new LinkedHashMap<>();
        matrix.put("truths", truths.stream().map(names::get).toList());
        matrix.put("predicted", predicted.stream().map(names::get).toList());
        matrix.put(
                "rows",
                truths.stream()
                        .map(truth -> predicted.stream()
                                .map(label -> rows.getOrDefault(new Pair(truth, label), 0L))
                                .toList())
                        .toList());
        return matrix;
    }
}
