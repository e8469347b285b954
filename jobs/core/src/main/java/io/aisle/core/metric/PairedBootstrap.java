package io.aisle.core.metric;

import io.aisle.core.metric.BootstrapIntervals.Interval;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * By how much the second of two models beats the first in macro F1 on the same rows, with the percentile interval of 95% from 1,000
 * resamples (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3).
 *
 * <p>A resample draws rows with both their predictions, so that what makes a row hard for both models cancels, and the interval is
 * narrower than the two models' own intervals suggest. As in {@link BootstrapIntervals} rows are drawn as counts of cells, here of
 * (truth, first, second): time is 1,000 times the cells, whatever the rows. The same counts and seed give the same numbers.
 *
 * <p>Macro F1 here is the mean over the classes that have rows (in a resample: that have rows there), for both models alike.
 * {@link ClassificationReport} also averages a 0 for a class without rows that a model predicted; two such averages would be over
 * different classes and their difference would mean nothing.
 *
 * @param first macro F1 of the first model, NaN without rows
 * @param second macro F1 of the second model, NaN without rows
 * @param delta second less first
 * @param interval of the difference
 * @param notes what the averages leave out, in words
 */
public record PairedBootstrap(double first, double second, double delta, Interval interval, List<String> notes) {
    /** Compares two models. */
    public static PairedBootstrap of(PairedConfusion confusion, long seed) {
        List<PairedConfusion.Cell> cells = confusion.cells();
        Pair whole = new Pair(confusion.classes());
        cells.forEach(cell -> whole.add(cell, cell.rows()));
        Multinomial rows = new Multinomial(
                cells.stream().mapToLong(PairedConfusion.Cell::rows).toArray(), seed);
        double[] deltas = new double[BootstrapIntervals.RESAMPLES];
        for (int i = 0; i < deltas.length; i++) {
            Pair resampled = new Pair(confusion.classes());
            long[] drawn = rows.draw();
            for (int cell = 0; cell < drawn.length; cell++) {
                resampled.add(cells.get(cell), drawn[cell]);
            }
            deltas[i] = resampled.delta();
        }
        ClassAverage first = macroF1(whole.first);
        ClassAverage second = macroF1(whole.second);
        Optional<String> note = second.note("macro F1", "no rows");
        return new PairedBootstrap(
                first.value(),
                second.value(),
                whole.delta(),
                Interval.of(deltas),
                note.stream().toList());
    }

    private static ClassAverage macroF1(ClassCounts counts) {
        double[] f1 = counts.f1();
        return ClassAverage.macro(IntStream.range(0, f1.length)
                .mapToDouble(c -> counts.support()[c] == 0 ? Double.NaN : f1[c])
                .toArray());
    }

    /** Both models' counts over the same rows. */
    private record Pair(ClassCounts first, ClassCounts second) {
        Pair(int classes) {
            this(new ClassCounts(classes), new ClassCounts(classes));
        }

        void add(PairedConfusion.Cell cell, long rows) {
            first.add(cell.truth(), cell.first(), rows);
            second.add(cell.truth(), cell.second(), rows);
        }

        double delta() {
            return macroF1(second).value() - macroF1(first).value();
        }
    }
}
