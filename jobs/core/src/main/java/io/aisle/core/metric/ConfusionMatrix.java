package io.aisle.core.metric;

import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;

/**
 * How many rows of each class were given each class: sparse counts of (truth, predicted), so that a thousand classes
 * cost what their confusions cost, not a million cells.
 *
 * <p>Both are indices into one list of classes. A row whose truth is not in that list does not belong here: the caller
 * counts it. Mergeable, so that each task may fill one of its own.
 */
public final class ConfusionMatrix implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int classes;
    private final TreeMap<Long, Long> counts = new TreeMap<>();

    /** An empty matrix over so many classes. */
    public ConfusionMatrix(int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException(
                    "Cannot make a confusion matrix: found " + classes + " classes, expected at least 1");
        }
        this.classes = classes;
    }

    /** Counts rows of class {@code truth} that were given class {@code predicted}. */
    public void add(int truth, int predicted, long rows) {
        checkClass("truth", truth);
        checkClass("prediction", predicted);
        if (rows < 0) {
            throw new IllegalArgumentException("Cannot count rows: found " + rows + ", expected 0 or more");
        }
        if (rows > 0) {
            counts.merge((long) truth * classes + predicted, rows, Math::addExact);
        }
    }

    /** Adds the other's counts to these. */
    public void merge(ConfusionMatrix that) {
        if (that.classes != classes) {
            throw new IllegalArgumentException("Cannot merge confusion matrices: found one of " + that.classes
                    + " classes, expected " + classes + " as in the other");
        }
        that.counts.forEach((cell, rows) -> counts.merge(cell, rows, Math::addExact));
    }

    public int classes() {
        return classes;
    }

    /** The cells that hold rows, by truth and then by prediction. */
    public List<Cell> cells() {
        return counts.entrySet().stream()
                .map(entry ->
                        new Cell((int) (entry.getKey() / classes), (int) (entry.getKey() % classes), entry.getValue()))
                .toList();
    }

    /** Rows in all. */
    public long rows() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Rows of each class by truth, long[classes]. */
    public long[] support() {
        return classCounts().support();
    }

    /** Rows of each class by prediction, long[classes]. */
    public long[] predicted() {
        return classCounts().predicted();
    }

    ClassCounts classCounts() {
        ClassCounts totals = new ClassCounts(classes);
        for (Cell cell : cells()) {
            totals.add(cell.truth(), cell.predicted(), cell.rows());
        }
        return totals;
    }

    private void checkClass(String what, int index) {
        if (index < 0 || index >= classes) {
            throw new IllegalArgumentException("Cannot count a row: found class " + index + " as its " + what
                    + ", expected 0 to " + (classes - 1));
        }
    }

    /**
     * Rows that share truth and prediction.
     *
     * @param truth index of the class the rows are
     * @param predicted index of the class they were given
     * @param rows at least 1
     */
    public record Cell(int truth, int predicted, long rows) {}
}
