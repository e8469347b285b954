package io.aisle.training;

import io.aisle.core.metric.ClassificationReport;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.model.Softmax;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well logits fit labels: what an epoch, or a head, is chosen by.
 *
 * @param loss mean cross-entropy a row, natural log
 */
public record ValidationScores(double loss, double accuracy, double macroF1, double weightedF1) {
    /** {@code logits} is [rows][labels], at least one row. */
    public static ValidationScores of(float[][] logits, int[] labels) {
        int classes = logits[0].length;
        ConfusionMatrix confusion = new ConfusionMatrix(classes);
        double loss = 0;
        for (int row = 0; row < labels.length; row++) {
            confusion.add(labels[row], argMax(logits[row]), 1);
            loss += Softmax.logSum(logits[row]) - logits[row][labels[row]];
        }
        ClassificationReport report = ClassificationReport.of(confusion, Collections.nCopies(classes, ""));
        return new ValidationScores(
                loss / labels.length,
                report.accuracy(),
                report.macro().f1(),
                report.weighted().f1());
    }

    /** By the names that bundles give them. */
    public SortedMap<String, Double> metrics() {
        return new TreeMap<>(Map.of("accuracy", accuracy, "macro_f1", macroF1, "weighted_f1", weightedF1));
    }

    /** Of a network that diverged too: what is NaN is never the greatest. */
    private static int argMax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
