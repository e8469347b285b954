package io.aisle.batch;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Says every few seconds how far a long stage is, on any log: Spark's own console bar needs a terminal. */
final class ProgressLines extends SparkListener {
    private static final long INTERVAL_MILLIS = 5_000;

    private final PrintStream out;
    private final Map<Integer, Stage> stages = new ConcurrentHashMap<>();
    private final LongSupplier millis;
    private final AtomicLong lastLineMillis;

    ProgressLines(PrintStream out) {
        this(out, System::currentTimeMillis);
    }

    /** With the clock given. */
    ProgressLines(PrintStream out, LongSupplier millis) {
        this.out = out;
        this.millis = millis;
        this.lastLineMillis = new AtomicLong(millis.getAsLong());
    }

    private static final class Stage {
        final String step;
        final int tasks;
        final long startMillis;
        final AtomicLong finished = new AtomicLong();

        Stage(String step, int tasks, long startMillis) {
            this.step = step;
            this.tasks = tasks;
            this.startMillis = startMillis;
        }
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        Object step = event.properties() == null ? null : event.properties().get("spark.job.description");
        stages.put(
                event.stageInfo().stageId(),
                new Stage(
                        step == null ? event.stageInfo().name() : step.toString(),
                        event.stageInfo().numTasks(),
                        millis.getAsLong()));
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        stages.remove(event.stageInfo().stageId());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        Stage stage = stages.get(event.stageId());
        if (stage == null || !event.taskInfo().successful()) {
            return;
        }
        long finished = stage.finished.incrementAndGet();
        long now = millis.getAsLong();
        long last = lastLineMillis.get();
        if (now - last >= INTERVAL_MILLIS && lastLineMillis.compareAndSet(last, now)) {
            long seconds = (now - stage.startMillis) / 1000;
            long remaining = seconds * (stage.tasks - finished) / finished;
            out.printf(
                    Locale.ROOT,
                    "  … %s: task %d of %d, %d s, about %d s left%n",
                    stage.step,
                    finished,
                    stage.tasks,
                    seconds,
                    remaining);
        }
    }
}
