package io.aisle.core.model;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.aisle.core.metric.BootstrapIntervals.Interval;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What people want to know of a training: on how many rows, how it went, and how sure the validation metrics are. Scoring reads none of it.
 *
 * @param rows of the prepared data, by the part or the reason that it was left out for
 * @param trainRows of each label, in the order of the labels
 * @param intervals of 95%, by the names of the metrics that have one
 * @param epochs that were run, in order; none where the kind has none
 */
public record TrainingSummary(
        SortedMap<String, Long> rows, List<Long> trainRows, SortedMap<String, Interval> intervals, List<Epoch> epochs) {
    /** Of a bundle that does not say. */
    public static final TrainingSummary NONE = of(Map.of(), List.of(), Map.of(), List.of());

    /**
     * What one pass over the train rows came to.
     *
     * @param epoch from 1
     * @param trainLoss mean loss a train row, natural log
     * @param validationLoss mean cross-entropy a validation row, natural log
     * @param metrics of the validation rows, by name; NaN where one is undefined
     */
    public record Epoch(
            int epoch,
            double trainLoss,
            double validationLoss,

            @JsonSerialize(contentUsing = ManifestJson.NanAsNull.class)
            SortedMap<String, Double> metrics) {
        public Epoch {
            metrics = ManifestJson.nullAsNan(metrics);
        }
    }

    public TrainingSummary {
        rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
        trainRows = List.copyOf(trainRows);
        intervals = Collections.unmodifiableSortedMap(new TreeMap<>(intervals));
        epochs = List.copyOf(epochs);
    }

    /** Takes maps of any order. An interval that is undefined is left out. */
    public static TrainingSummary of(
            Map<String, Long> rows, List<Long> trainRows, Map<String, Interval> intervals, List<Epoch> epochs) {
        SortedMap<String, Interval> defined = new TreeMap<>(intervals);
        defined.values().removeIf(interval -> !Double.isFinite(interval.lower() + interval.upper()));
        return new TrainingSummary(new TreeMap<>(rows), trainRows, defined, epochs);
    }
}
