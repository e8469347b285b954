package io.aisle.batch.train;

import java.util.ArrayList;
import java.util.List;

/**
 * How many rows a cascade has right and how many it sends on, at every threshold: rows are counted by how sure the first model is of them,
 * in steps of 1 / {@value #STEPS}, so that it takes the same memory of any number of rows.
 */
public final class CascadeCurve {
    private static final int STEPS = 10_000;

    private final long[] rows = new long[STEPS + 1];
    private final long[] firstRight = new long[STEPS + 1];
    private final long[] secondRight = new long[STEPS + 1];

    /**
     * What a cascade does at a threshold.
     *
     * @param threshold rows of which the first model is less sure go to the second
     * @param sentShare of all rows, those that do
     * @param accuracy of the cascade
     */
    public record Point(double threshold, double sentShare, double accuracy) {}

    /** The step that a confidence of the first model is in; its threshold, step / {@value #STEPS}, is at most the confidence. */
    public static int step(double confidence) {
        return (int) (confidence * STEPS);
    }

    /**
     * Counts rows.
     *
     * @param step of the first model's confidence
     * @param more rows
     * @param rightByFirst those of them that the first model has right
     * @param rightBySecond those of them that the second has right
     */
    public void add(int step, long more, long rightByFirst, long rightBySecond) {
        rows[step] += more;
        firstRight[step] += rightByFirst;
        secondRight[step] += rightBySecond;
    }

    /** How many were counted. */
    public long rows() {
        return sum(rows);
    }

    /** Of the first model alone; NaN without rows. */
    public double firstAccuracy() {
        return (double) sum(firstRight) / rows();
    }

    /** Of the second model alone; NaN without rows. */
    public double secondAccuracy() {
        return (double) sum(secondRight) / rows();
    }

    /**
     * Of the thresholds at which the cascade loses no more accuracy than the target against the better of the two models alone, the one that
     * sends the fewest rows on.
     *
     * @param target share of the rows
     */
    public Point choose(double target) {
        double least = Math.max(sum(firstRight), sum(secondRight)) - target * rows();
        long sent = 0;
        long right = sum(firstRight);
        int threshold = 0;
        // a share of the rows is not exact in binary: of 1,000 rows 0.002 are 2
        while (right < least - 1e-6) {
            sent += rows[threshold];
            right += secondRight[threshold] - firstRight[threshold];
            threshold++;
        }
        return point(threshold, sent, right);
    }

    /**
     * Points from none sent to all, about as far apart in the rows that are sent: for each share the greatest threshold that sends no more.
     *
     * @param parts that all rows are divided into
     */
    public List<Point> points(int parts) {
        List<Point> points = new ArrayList<>();
        long all = rows();
        long sent = 0;
        long right = sum(firstRight);
        int part = 0;
        for (int threshold = 0; threshold <= STEPS; threshold++) {
            // the last threshold before more are sent than this part has
            if ((sent + rows[threshold]) * parts > part * all) {
                points.add(point(threshold, sent, right));
                while (part * all < (sent + rows[threshold]) * parts) {
                    part++;
                }
            }
            sent += rows[threshold];
            right += secondRight[threshold] - firstRight[threshold];
        }
        points.add(point(STEPS + 1, sent, right));
        return points;
    }

    private Point point(int threshold, long sent, long right) {
        return new Point((double) threshold / STEPS, (double) sent / rows(), (double) right / rows());
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
