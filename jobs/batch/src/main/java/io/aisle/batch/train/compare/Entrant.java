package io.aisle.batch.train.compare;

import io.aisle.batch.measure.EvaluationReport;
import io.aisle.batch.measure.EvaluationReport.Metric;
import java.util.Optional;

/**
 * What became of one kind.
 *
 * @param report of the test rows; nothing where the kind failed
 * @param reason why it failed; empty where it did not
 * @param trainSeconds of wall time, from prepared data to the finished bundle
 * @param rowsPerSecond test rows scored in a second of wall time, each distinct text once
 * @param modelBytes of the files that scoring reads
 * @param heapBytes the most that the driver's heap held, after collections too, while it was trained
 */
record Entrant(
        String kind,
        String version,
        Optional<EvaluationReport> report,
        String reason,
        double trainSeconds,
        double rowsPerSecond,
        long modelBytes,
        long heapBytes) {

    static Entrant failed(String kind, String reason, double trainSeconds) {
        return new Entrant(kind, "", Optional.empty(), reason, trainSeconds, Double.NaN, 0, 0);
    }

    boolean hasFailed() {
        return report.isEmpty();
    }

    /** A headline metric; NaN where the kind failed, or where it is not measured. */
    double metric(String name) {
        return found(name).map(Metric::value).orElse(Double.NaN);
    }

    Optional<Metric> found(String name) {
        return report.flatMap(given -> given.headline().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst());
    }
}
