package io.aisle.batch.telemetry;

import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.Tuple4;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * Says every few seconds how far each long stage is, in whole lines, on any log: Spark's own console bar needs a terminal. Nothing is
 * said of a stage that is shorter than the interval. The rows come from tasks that ended, and of those that run from the executors'
 * heartbeats (spark.executor.heartbeatInterval, 10 s).
 */
public final class ProgressLines extends SparkListener implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 5_000;

    private final JobLog log;
    private final long intervalMillis;
    private final LongSupplier millis;
    private final Map<Integer, StageProgress> stages = new ConcurrentSkipListMap<>();
    private Runnable stop = () -> {};

    /** With the interval and the clock given; {@link #tell} is called by hand. */
    ProgressLines(JobLog log, long intervalMillis, LongSupplier millis) {
        this.log = log;
        this.intervalMillis = intervalMillis;
        this.millis = millis;
    }

    /** Listens to a session and speaks until it is closed. */
    public static ProgressLines start(SparkContext spark, JobLog log) {
        return start(spark, log, INTERVAL_MILLIS);
    }

    /** With the interval given. */
    static ProgressLines start(SparkContext spark, JobLog log, long intervalMillis) {
        ProgressLines lines = new ProgressLines(log, intervalMillis, () -> System.nanoTime() / 1_000_000);
        Timer ticker = new Timer("aisle-progress", true);
        ticker.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        lines.tell();
                    }
                },
                intervalMillis,
                intervalMillis);
        spark.addSparkListener(lines);
        lines.stop = () -> {
            spark.removeSparkListener(lines);
            ticker.cancel();
        };
        return lines;
    }

    /** One line for each long stage. */
    void tell() {
        long now = millis.getAsLong();
        for (StageProgress stage : stages.values()) {
            if (stage.isToBeTold(now, intervalMillis)) {
                stage.tell(log, now);
            }
        }
    }

    @Override
    public void close() {
        stop.run();
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        stages.put(event.stageInfo().stageId(), new StageProgress(Step.of(event.properties()), event.stageInfo()));
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        stages.remove(event.stageInfo().stageId());
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
        StageProgress stage = stages.get(event.stageId());
        if (stage != null) {
            stage.taskStarted(event.taskInfo().taskId(), millis.getAsLong());
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        StageProgress stage = stages.get(event.stageId());
        if (stage != null) {
            stage.taskEnded(event.taskInfo().taskId(), event.taskInfo().successful(), TaskRows.of(event.taskMetrics()));
        }
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
        for (Iterator<Tuple4<Object, Object, Object, Seq<AccumulableInfo>>> all =
                        event.accumUpdates().iterator();
                all.hasNext(); ) {
            Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task = all.next();
            StageProgress stage = stages.get((Integer) task._2());
            if (stage != null) {
                stage.taskCame((Long) task._1(), task._4());
            }
        }
    }
}
