package io.aisle.core.metric;

import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;

/**
 * How many rows of each class were given each class by each of two models: sparse counts of (truth, first's prediction, second's
 * prediction). What one model gets right where the other does not is in here and in no two confusion matrices.
 *
 * <p>All three are indices into one list of classes. Mergeable, so that each task may fill one of its own.
 */
public final class PairedConfusion implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A cell's three indices together fit 63 bits. */
    private static final int MAX_CLASSES = 1 << 21;

    private final int classes;
    private final TreeMap<Long, Long> counts = new TreeMap<>();

    /** Empty, over so many classes. */
    public PairedConfusion(int classes) {
        if (classes < 1 || classes > MAX_CLASSES) {
            throw new IllegalArgumentException(
                    "Cannot pair two models: found " + classes + " classes, expected 1 to " + MAX_CLASSES);
        }
        this.classes = classes;
    }

    /** Counts rows of class {@code truth} that were given class {@code first} by one model and {@code second} by the other. */
    public void add(int truth, int first, int second, long rows) {
        checkClass("truth", truth);
        checkClass("first prediction", first);
        checkClass("second prediction", second);
        if (rows < 0) {
            throw new IllegalArgumentException("Cannot count rows: found " + rows + ", expected 0 or more");
        }
        if (rows > 0) {
            counts.merge(((long) truth * classes + first) * classes + second, rows, Math::addExact);
        }
    }

    /** Adds the other's counts to these. */
    public void merge(PairedConfusion that) {
        if (that.classes != classes) {
            throw new IllegalArgumentException("Cannot merge paired confusions: found one of " + that.classes
                    + " classes, expected " + classes + " as in the other");
        }
        that.counts.forEach((cell, rows) -> counts.merge(cell, rows, Math::addExact));
    }

    public int classes() {
        return classes;
    }

    /** The cells that hold rows, by truth, then by first and by second prediction. */
    public List<Cell> cells() {
        return counts.entrySet().stream()
                .map(entry -> {
                    long pair = entry.getKey() / classes;
                    return new Cell(
                            (int) (pair / classes),
                            (int) (pair % classes),
                            (int) (entry.getKey() % classes),
                            entry.getValue());
                })
                .toList();
    }

    /** What the first model did, by itself. */
    public ConfusionMatrix first() {
        ConfusionMatrix confusion = new ConfusionMatrix(classes);
        cells().forEach(cell -> confusion.add(cell.truth(), cell.first(), cell.rows()));
        return confusion;
    }

    /** What the second model did, by itself. */
    public ConfusionMatrix second() {
        ConfusionMatrix confusion = new ConfusionMatrix(classes);
        cells().forEach(cell -> confusion.add(cell.truth(), cell.second(), cell.rows()));
        return confusion;
    }

    private void checkClass(String what, int index) {
        if (index < 0 || index >= classes) {
            throw new IllegalArgumentException("Cannot count a row: found class " + index + " as its " + what
                    + ", expected 0 to " + (classes - 1));
        }
    }

    /**
     * Rows that share truth and both predictions.
     *
     * @param truth index of the class the rows are
     * @param first index of the class the first model gave them
     * @param second index of the class the second model gave them
     * @param rows at least 1
     */
    public record Cell(int truth, int first, int second, long rows) {}
}
