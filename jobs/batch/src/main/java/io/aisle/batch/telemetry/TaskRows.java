package io.aisle.batch.telemetry;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * The rows that tasks have passed.
 *
 * @param read from files, caches and shuffles
 * @param written to files
 * @param shuffled written for other stages to read
 */
record TaskRows(long read, long written, long shuffled) {
    static final TaskRows NONE = new TaskRows(0, 0, 0);

    /** Of a task that ended; its metrics may be null. */
    static TaskRows of(TaskMetrics metrics) {
        return metrics == null
                ? NONE
                : new TaskRows(
                        metrics.inputMetrics().recordsRead()
                                + metrics.shuffleReadMetrics().recordsRead(),
                        metrics.outputMetrics().recordsWritten(),
                        metrics.shuffleWriteMetrics().recordsWritten());
    }

    /**
     * Of a task that runs, as a heartbeat tells it.
     *
     * @param names of the stage's metrics by id: with a local master a heartbeat has ids only
     */
    static TaskRows of(Seq<AccumulableInfo> heartbeat, Map<Long, String> names) {
        TaskRows rows = NONE;
        for (Iterator<AccumulableInfo> all = heartbeat.iterator(); all.hasNext(); ) {
            AccumulableInfo one = all.next();
            String name = one.name().isDefined() ? one.name().get() : names.getOrDefault(one.id(), "");
            if (one.update().isDefined() && one.update().get() instanceof Long count) {
                rows = rows.plus(
                        switch (name) {
                            case "internal.metrics.input.recordsRead", "internal.metrics.shuffle.read.recordsRead" ->
                                new TaskRows(count, 0, 0);
                            case "internal.metrics.output.recordsWritten" -> new TaskRows(0, count, 0);
                            case "internal.metrics.shuffle.write.recordsWritten" -> new TaskRows(0, 0, count);
                            default -> NONE;
                        });
            }
        }
        return rows;
    }

    /** The names of a stage's metrics by id; none where the stage has no metrics. */
    static Map<Long, String> names(TaskMetrics ofStage) {
        Map<Long, String> names = new HashMap<>();
        if (ofStage != null) {
            JavaConverters.mapAsJavaMap(ofStage.nameToAccums()).forEach((name, metric) -> names.put(metric.id(), name));
        }
        return names;
    }

    TaskRows plus(TaskRows other) {
        return new TaskRows(read + other.read, written + other.written, shuffled + other.shuffled);
    }

    /** One number: a stage that makes rows reads none, and one that reads a cache counts its batches. */
    long most() {
        return Math.max(read, Math.max(written, shuffled));
    }
}
