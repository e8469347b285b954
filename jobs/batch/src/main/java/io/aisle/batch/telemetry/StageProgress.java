package io.aisle.batch.telemetry;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.StageInfo;
import scala.collection.Seq;

/** How far one stage is. Its rows are those that its tasks read from files and shuffles, or those that they wrote where these are more. */
final class StageProgress {
    private final String name;
    private final Step step;
    private final int tasks;
    private final Map<Long, String> metricNames;
    private final Map<Long, TaskRows> running = new HashMap<>();
    private TaskRows ended = TaskRows.NONE;
    private int endedTasks;
    private long startMillis = -1;

    /** With Spark's own name of the stage, for where no step is known. */
    StageProgress(Step step, StageInfo stage) {
        this.step = step;
        this.name = step.name().isEmpty() ? stage.name() : step.name();
        this.tasks = stage.numTasks();
        this.metricNames = TaskRows.names(stage.taskMetrics());
    }

    synchronized void taskStarted(long task, long nowMillis) {
        if (startMillis < 0) {
            startMillis = nowMillis;
        }
        running.put(task, TaskRows.NONE);
    }

    /** A task that still runs has come so far. */
    synchronized void taskCame(long task, Seq<AccumulableInfo> heartbeat) {
        // a heartbeat may come after the end
        running.replace(task, TaskRows.of(heartbeat, metricNames));
    }

    synchronized void taskEnded(long task, boolean isSuccess, TaskRows rows) {
        running.remove(task);
        if (isSuccess) {
            endedTasks++;
            ended = ended.plus(rows);
        }
    }

    /** Whether a task began at least so long ago, some are left, and they do not speak for themselves. */
    synchronized boolean isToBeTold(long nowMillis, long thanMillis) {
        boolean speaks = step.hasSpeakingTask() && tasks == 1;
        return !speaks && startMillis >= 0 && nowMillis - startMillis >= thanMillis && endedTasks < tasks;
    }

    synchronized void tell(JobLog log, long nowMillis) {
        long rows = running.values().stream().reduce(ended, TaskRows::plus).most();
        double seconds = (nowMillis - startMillis) / 1e3;
        double rowsPerSecond = rows / seconds;
        double remaining = remainingSeconds(rows, seconds);

        StringBuilder line = new StringBuilder("  … ").append(name).append(": ");
        Map<String, Object> numbers = new LinkedHashMap<>();
        if (rows > 0) {
            line.append(format("%,d ", rows));
            numbers.put("rows", rows);
            if (isWithin(rows)) {
                line.append(format("of %,d ", step.expectedRows().getAsLong()));
                numbers.put("expected_rows", step.expectedRows().getAsLong());
            }
            line.append(format("rows, %,.0f rows/s, ", rowsPerSecond));
            numbers.put("rows_per_second", rowsPerSecond);
        }
        line.append(format("%d of %d tasks done, %.0f s", endedTasks, tasks, seconds));
        numbers.put("tasks_done", endedTasks);
        numbers.put("tasks", tasks);
        numbers.put("seconds", seconds);
        if (!Double.isNaN(remaining)) {
            line.append(format(", about %.0f s left", remaining));
            numbers.put("eta_seconds", remaining);
        }
        log.say(line.toString(), numbers);
    }

    /** NaN where nothing tells it yet. */
    private double remainingSeconds(long rows, double seconds) {
        if (rows > 0 && isWithin(rows)) {
            return seconds * (step.expectedRows().getAsLong() - rows) / rows;
        }
        return endedTasks == 0 ? Double.NaN : seconds * (tasks - endedTasks) / endedTasks;
    }

    /** Whether there is an expectation, and the stage has not proved it wrong. */
    private boolean isWithin(long rows) {
        return step.expectedRows().isPresent() && rows <= step.expectedRows().getAsLong();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
