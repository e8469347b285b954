package io.aisle.core.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What accepting from a threshold comes to, at every threshold: how many rows are accepted, and how many of these are right. Rows are
 * counted by confidence in steps of 1 / {@value #STEPS}, so that it takes the same memory of any number of rows. Mergeable, so that each
 * task may fill one of its own.
 */
public final class PrecisionCoverage implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int STEPS = 10_000;

    /** Rows and those that are right, by the step of their confidence. */
    private final TreeMap<Integer, long[]> counts = new TreeMap<>();

    /**
     * What a threshold comes to.
     *
     * @param threshold confidence from which rows are accepted
     * @param accepted rows
     * @param coverage share of all rows
     * @param precision of those that are accepted
     * @param interval of the precision, 95%
     */
    public record Point(double threshold, long accepted, double coverage, double precision, WilsonInterval interval) {}

    /** Counts one row. */
    public void add(double confidence, boolean isRight) {
        add((int) (Probability.check(confidence) * STEPS), 1, isRight ? 1 : 0);
    }

    private void add(int step, long rows, long right) {
        long[] sums = counts.computeIfAbsent(step, ignored -> new long[2]);
        sums[0] += rows;
        sums[1] += right;
    }

    /** Adds the other's rows to these. */
    public void merge(PrecisionCoverage that) {
        that.counts.forEach((step, sums) -> add(step, sums[0], sums[1]));
    }

    /**
     * The curve, from the surest rows to all of them: for each part of the rows, the highest threshold that accepts as many.
     *
     * @param parts that all rows are divided into; there are fewer points where many rows are equally sure
     */
    public List<Point> points(int parts) {
        long all = counts.values().stream().mapToLong(sums -> sums[0]).sum();
        List<Point> points = new ArrayList<>();
        long accepted = 0;
        long right = 0;
        int part = 1;
        for (Map.Entry<Integer, long[]> step : counts.descendingMap().entrySet()) {
            accepted += step.getValue()[0];
            right += step.getValue()[1];
            if (accepted * parts >= part * all) {
                points.add(new Point(
                        (double) step.getKey() / STEPS,
                        accepted,
                        (double) accepted / all,
                        (double) right / accepted,
                        WilsonInterval.of(right, accepted)));
                part = (int) (accepted * parts / all) + 1;
            }
        }
        return points;
    }
}
