package io.aisle.core.metric;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The area under the ROC curve of one class against the rest: the chance that a row of the class scores above a row of
 * another, ties counting half (Fawcett 2006, "An introduction to ROC analysis", section 7; it equals the Mann-Whitney U
 * of the scores divided by the number of pairs).
 *
 * <p>Takes the rows from the highest score to the lowest and holds only counts, so that a task can stream a sorted
 * partition. For several classes, average their areas with {@link ClassAverage#weighted} by support: it leaves out the
 * undefined and says how many it took.
 */
public final class RankingCurve {
    private double lastScore = Double.POSITIVE_INFINITY;
    private long positives;
    private long negatives;
    private long tiedPositives;
    private long tiedNegatives;
    /** Pairs of a positive above a negative, a tied pair counting half, without the rows that share the last score. */
    private double orderedPairs;

    /**
     * The next rows, no higher than those before.
     *
     * @param score the class's score, any scale
     * @param positive whether the rows are of the class
     * @param rows how many rows share both
     */
    public void add(double score, boolean positive, long rows) {
        if (!(score <= lastScore)) {
            throw new IllegalArgumentException("Cannot rank a row: found score " + score + ", expected no more than "
                    + lastScore + ", the score before it");
        }
        if (score < lastScore) {
            closeTie();
            lastScore = score;
        }
        if (positive) {
            tiedPositives += rows;
        } else {
            tiedNegatives += rows;
        }
    }

    /** Between 0 and 1, 0.5 for scores that say nothing; NaN without rows of the class, or without others. */
    public double area() {
        return (orderedPairs + pairsOfTie()) / ((double) (positives + tiedPositives) * (negatives + tiedNegatives));
    }

    /**
     * The area of rows in any order.
     *
     * @param scores one a row
     * @param positives whether each row is of the class
     */
    public static double area(float[] scores, boolean[] positives) {
        if (scores.length != positives.length) {
            throw new IllegalArgumentException("Cannot rank rows: found " + positives.length + " truths, expected "
                    + scores.length + ", one a score");
        }
        RankingCurve curve = new RankingCurve();
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> scores[row]).reversed())
                .forEachOrdered(row -> curve.add(scores[row], positives[row], 1));
        return curve.area();
    }

    private void closeTie() {
        orderedPairs += pairsOfTie();
        positives += tiedPositives;
        negatives += tiedNegatives;
        tiedPositives = 0;
        tiedNegatives = 0;
    }

    private double pairsOfTie() {
        return tiedNegatives * (positives + tiedPositives / 2.0);
    }
}
