package io.aisle.batch.train;

import io.aisle.core.metric.BootstrapIntervals;
import io.aisle.core.metric.BootstrapIntervals.Interval;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.metric.WilsonInterval;
import io.aisle.core.model.Calibration.AcceptThreshold;
import io.aisle.core.model.Prediction;
import io.aisle.core.model.Scaling;
import java.util.Map;

/** How far other validation rows might move what these say of a model. */
final class ValidationIntervals {
    private ValidationIntervals() {}

    /**
     * 95% intervals by the names that bundles give the metrics: from a bootstrap, of accepted rows Wilson's.
     *
     * @param logits [rows][labels], before scaling
     * @param seed of the bootstrap
     */
    static Map<String, Interval> of(
            float[][] logits, int[] truths, Scaling scaling, AcceptThreshold threshold, long seed) {
        ConfusionMatrix confusion = new ConfusionMatrix(logits[0].length);
        for (int row = 0; row < logits.length; row++) {
            confusion.add(truths[row], Prediction.mostProbable(scaling.of(logits[row]), 1)[0], 1);
        }
        BootstrapIntervals intervals = BootstrapIntervals.of(confusion, seed);
        WilsonInterval precision = WilsonInterval.of(
                threshold.reached() ? Math.round(threshold.precision() * threshold.accepted()) : 0,
                threshold.accepted());
        return Map.of(
                Metrics.OF_VALIDATION + "accuracy", intervals.accuracy(),
                Metrics.OF_VALIDATION + "macro_f1", intervals.macroF1(),
                Metrics.OF_VALIDATION + "weighted_f1", intervals.weightedF1(),
                Metrics.OF_VALIDATION + "accepted_precision", new Interval(precision.lower(), precision.upper()));
    }
}
