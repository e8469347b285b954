package io.aisle.batch.evaluate;

import io.aisle.batch.score.Scoring;
import io.aisle.core.metric.CalibrationError;
import io.aisle.core.metric.PairedConfusion;
import io.aisle.core.model.Prediction;
import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.sql.Row;

/**
 * What a task learns about champion and candidate on the same rows, in the classes that both can be judged in (see {@link
 * SharedTruths}): counts and sums only, so that it can travel to the driver and be merged there.
 *
 * <p>A model's answer is the class of its likeliest label, and its confidence the sum over that class's labels: what it would have been
 * had the labels never been apart.
 */
final class Comparison implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The column of the champion's probabilities. */
    static final String CHAMPION = "champion_" + Scoring.PROBABILITIES;

    private final PairedConfusion confusion;
    private final CalibrationError champion = new CalibrationError();
    private final CalibrationError candidate = new CalibrationError();
    private final long[] labelled;
    private final long[] named;

    Comparison(SharedTruths truths) {
        confusion = new PairedConfusion(truths.classes().size());
        labelled = new long[truths.classOfTruth().length];
        named = new long[truths.classOfTruth().length];
    }

    /** Judges rows of (truth, candidate's probabilities, champion's probabilities). */
    static Comparison of(Iterator<Row> rows, SharedTruths truths) {
        Comparison comparison = new Comparison(truths);
        while (rows.hasNext()) {
            Row row = rows.next();
            comparison.add(truths, row.getInt(0), Scoring.probabilities(row), Scoring.probabilities(row, CHAMPION));
        }
        return comparison;
    }

    private void add(SharedTruths truths, int truth, float[] ofCandidate, float[] ofChampion) {
        int[] classOf = truths.classOfTruth();
        int championsTruth = truths.championLabels()[Prediction.mostProbable(ofChampion, 1)[0]];
        int second = classOf[truths.candidateLabels()[Prediction.mostProbable(ofCandidate, 1)[0]]];
        int first = classOf[championsTruth];
        confusion.add(classOf[truth], first, second, 1);
        candidate.add(mass(ofCandidate, truths.candidateLabels(), classOf, second), second == classOf[truth]);
        champion.add(mass(ofChampion, truths.championLabels(), classOf, first), first == classOf[truth]);
        labelled[truth]++;
        named[championsTruth]++;
    }

    /** The probability of a class: that of all its labels. Rounding may have brought the sum above 1. */
    private static double mass(float[] probabilities, int[] truthOfLabel, int[] classOfTruth, int of) {
        double mass = 0;
        for (int label = 0; label < probabilities.length; label++) {
            if (classOfTruth[truthOfLabel[label]] == of) {
                mass += probabilities[label];
            }
        }
        return Math.min(1, mass);
    }

    void merge(Comparison that) {
        confusion.merge(that.confusion);
        champion.merge(that.champion);
        candidate.merge(that.candidate);
        for (int truth = 0; truth < labelled.length; truth++) {
            labelled[truth] += that.labelled[truth];
            named[truth] += that.named[truth];
        }
    }

    /** First the champion, second the candidate. */
    PairedConfusion confusion() {
        return confusion;
    }

    double championError() {
        return champion.error();
    }

    double candidateError() {
        return candidate.error();
    }

    /** Rows that speak for a path: that carry it as truth or, where the truth was folded, that the champion gave it, if more. */
    long rows(int truth) {
        return Math.max(labelled[truth], named[truth]);
    }
}
