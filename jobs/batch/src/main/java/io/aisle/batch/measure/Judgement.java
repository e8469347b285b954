package io.aisle.batch.measure;

import io.aisle.batch.score.Scoring;
import io.aisle.core.metric.Acceptance;
import io.aisle.core.metric.CalibrationError;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.metric.LogLoss;
import io.aisle.core.metric.TopKAccuracy;
import io.aisle.core.model.Prediction;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a task learns about its rows: counts and sums only, so that it can travel to the driver and be merged there.
 *
 * <p>The confusion matrix is over truths (see {@link Truths}); predictions are the first of them, the model's labels.
 */
public final class Judgement implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int TOP = 5;

    private final ConfusionMatrix confusion;
    private final CalibrationError calibration = new CalibrationError();
    private final LogLoss logLoss = new LogLoss();
    private final TopKAccuracy topK = new TopKAccuracy(TOP);
    private final Acceptance accepted = new Acceptance();
    private final Acceptance backOffAccepted = new Acceptance();

    /** Of no rows yet. */
    public Judgement(int truths) {
        confusion = new ConfusionMatrix(truths);
    }

    /**
     * Judges rows of (truth, probabilities), where they lie.
     *
     * @param acceptThreshold confidence from which the model accepts its own answers
     */
    public static Judgement of(Dataset<Row> rows, Truths truths, double acceptThreshold) {
        AcceptRule rule = AcceptRule.of(truths, acceptThreshold);
        Judgement judgement = new Judgement(truths.paths().size());
        rows.javaRDD()
                .mapPartitions(partition -> List.of(of(partition, truths, rule)).iterator())
                .collect()
                .forEach(judgement::merge);
        return judgement;
    }

    static Judgement of(Iterator<Row> rows, Truths truths, AcceptRule rule) {
        Judgement judgement = new Judgement(truths.paths().size());
        while (rows.hasNext()) {
            Row row = rows.next();
            judgement.add(row.getInt(0), truths.label(row.getInt(0)), Scoring.probabilities(row), rule);
        }
        return judgement;
    }

    private void add(int truth, int label, float[] probabilities, AcceptRule rule) {
        int[] top = Prediction.mostProbable(probabilities, TOP);
        confusion.add(truth, top[0], 1);
        calibration.add(probabilities[top[0]], top[0] == label);
        logLoss.add(probabilities[label]);
        topK.add(label, top);
        accepted.add(rule.accepts(probabilities[top[0]]), top[0] == label);
        Prediction backedOff = rule.backedOff(probabilities);
        backOffAccepted.add(rule.accepts(backedOff), rule.isRight(backedOff.category(), truth, label));
    }

    void merge(Judgement that) {
        confusion.merge(that.confusion);
        calibration.merge(that.calibration);
        logLoss.merge(that.logLoss);
        topK.merge(that.topK);
        accepted.merge(that.accepted);
        backOffAccepted.merge(that.backOffAccepted);
    }

    /** Whether any truth is a class that was folded away: only then do folded and unfolded metrics differ. */
    boolean hasFolded(int labels) {
        return confusion.cells().stream().anyMatch(cell -> cell.truth() >= labels);
    }

    /** Truths as the catalog gives them: a row of a folded class is never right. */
    public ConfusionMatrix unfolded() {
        return confusion;
    }

    /** Truths as the model can know them. */
    public ConfusionMatrix folded(Truths truths, int labels) {
        ConfusionMatrix folded = new ConfusionMatrix(labels);
        for (ConfusionMatrix.Cell cell : confusion.cells()) {
            folded.add(truths.label(cell.truth()), cell.predicted(), cell.rows());
        }
        return folded;
    }

    public CalibrationError calibration() {
        return calibration;
    }

    /** What the model accepts; truths folded. */
    Acceptance accepted() {
        return accepted;
    }

    /** What it accepts where it may back off; right is what is the truth, or above it. */
    Acceptance backOffAccepted() {
        return backOffAccepted;
    }

    double logLoss() {
        return logLoss.mean();
    }

    double topAccuracy(int k) {
        return topK.accuracy(k);
    }
}
