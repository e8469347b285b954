package io.aisle.batch.train;

import java.util.Map;
import java.util.TreeMap;

/** The names under which bundles keep what validation rows say of them. */
final class Metrics {
    /** What each begins with. */
    static final String OF_VALIDATION = "validation_";

    private Metrics() {}

    /**
     * With the log-loss of before the temperature.
     *
     * @param scores by their names
     */
    static Map<String, Double> of(Map<String, Double> scores, double logLoss) {
        Map<String, Double> metrics = new TreeMap<>(scores);
        metrics.put("log_loss_uncalibrated", logLoss);
        return metrics;
    }
}
