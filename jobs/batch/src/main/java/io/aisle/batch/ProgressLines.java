package io.aisle.batch;

import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Says every few seconds how far a long stage is, on any log: Spark's own console bar needs a terminal. */
final class ProgressLines extends SparkListener {
    private static final long INTERVAL_MILLIS = 5_000;

    private final PrintStream out;
    private final Map<Integer, Stage> stages = new ConcurrentHashMap<>();
    private final AtomicLong lastLineMillis = new AtomicLong(System.currentTimeMillis());

    ProgressLines(PrintStream out) {
        this.out = out;
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
                        System.currentTimeMillis()));
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        stages.remove(event.stageInfo().stageId());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        Stage stage = stages.get(event.stageId());
        if (stage == null) {
            return;
        }
        long finished = stage.finished.incrementAndGet();
        long now = System.currentTimeMillis();
        long last = lastLineMillis.get();
        if (now - last >= INTERVAL_MILLIS && lastLineMillis.compareAndSet(last, now)) {
            long seconds = (now - stage.startMillis) / 1000;
            long remaining = seconds * (stage.tasks - finished) / finished;
            out.printf(
                    "  … %s: task %d of %d, %d s, about %d s left%n",
                    stage.step, finished, stage.tasks, seconds, remaining);
        }
    }
}
