package io.aisle.batch.evaluate;

import io.aisle.core.metric.CalibrationError;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.metric.LogLoss;
import io.aisle.core.metric.TopKAccuracy;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * What a task learns about its rows: counts and sums only, so that it can travel to the driver and be merged there.
 *
 * <p>The confusion matrix is over truths (see {@link Truths}); predictions are the first of them, the model's labels.
 */
final class Judgement implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int TOP = 5;

    private final ConfusionMatrix confusion;
    private final CalibrationError calibration = new CalibrationError();
    private final LogLoss logLoss = new LogLoss();
    private final TopKAccuracy topK = new TopKAccuracy(TOP);

    Judgement(int truths) {
        confusion = new ConfusionMatrix(truths);
    }

    /** Judges rows of (truth, probabilities). */
    static Judgement of(Iterator<Row> rows, Truths truths) {
        Judgement judgement = new Judgement(truths.paths().size());
        while (rows.hasNext()) {
            Row row = rows.next();
            judgement.add(row.getInt(0), truths.label(row.getInt(0)), row.getList(1));
        }
        return judgement;
    }

    private void add(int truth, int label, List<Float> probabilities) {
        int[] top = mostProbable(probabilities);
        confusion.add(truth, top[0], 1);
        calibration.add(probabilities.get(top[0]), top[0] == label);
        logLoss.add(probabilities.get(label));
        topK.add(label, top);
    }

    private static int[] mostProbable(List<Float> probabilities) {
        int[] top = new int[Math.min(TOP, probabilities.size())];
        java.util.Arrays.fill(top, -1);
        for (int label = 0; label < probabilities.size(); label++) {
            int candidate = label;
            for (int rank = 0; rank < top.length; rank++) {
                if (top[rank] < 0 || probabilities.get(candidate) > probabilities.get(top[rank])) {
                    int beaten = top[rank];
                    top[rank] = candidate;
                    candidate = beaten;
                    if (candidate < 0) {
                        break;
                    }
                }
            }
        }
        return top;
    }

    void merge(Judgement that) {
        confusion.merge(that.confusion);
        calibration.merge(that.calibration);
        logLoss.merge(that.logLoss);
        topK.merge(that.topK);
    }

    /** Truths as the catalog gives them: a row of a folded class is never right. */
    ConfusionMatrix unfolded() {
        return confusion;
    }

    /** Truths as the model can know them. */
    ConfusionMatrix folded(Truths truths, int labels) {
        ConfusionMatrix folded = new ConfusionMatrix(labels);
        for (ConfusionMatrix.Cell cell : confusion.cells()) {
            folded.add(truths.label(cell.truth()), cell.predicted(), cell.rows());
        }
        return folded;
    }

    CalibrationError calibration() {
        return calibration;
    }

    double logLoss() {
        return logLoss.mean();
    }

    double topAccuracy(int k) {
        return topK.accuracy(k);
    }
}
