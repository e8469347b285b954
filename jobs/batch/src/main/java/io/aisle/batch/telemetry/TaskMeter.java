package io.aisle.batch.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.resource.TaskResourceRequest;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerResourceProfileAdded;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Adds up what tasks used, by step. Spark reports it on a thread of its own, some time after a task ended. */
final class TaskMeter extends SparkListener {
    private static final AtomicLong MARKS = new AtomicLong();
    private static final String MARK = "aisle.meter.mark";
    private static final String GPU = "gpu";
    /** Spark drops events where it cannot keep up; what was counted until then is better than no end of the run. */
    private static final long MAX_WAIT_SECONDS = 10;

    private final SparkContext spark;
    private final double gpuAmount;
    private final Map<Integer, Double> gpuAmounts = new ConcurrentHashMap<>();
    private final Map<Integer, Stage> stages = new ConcurrentHashMap<>();
    private final Map<String, StepUse> used = new LinkedHashMap<>();
    private final Map<String, CountDownLatch> marks = new ConcurrentHashMap<>();

    private record Stage(String step, int resourceProfile) {}

    /** Listens to a session from now on. */
    TaskMeter(SparkContext spark) {
        this.spark = spark;
        // the default resource profile was announced before anyone could listen
        this.gpuAmount = Double.parseDouble(spark.getConf().get("spark.task.resource.gpu.amount", "0"));
        spark.addSparkListener(this);
    }

    void stop() {
        spark.removeSparkListener(this);
    }

    /** What has ended until now, by step. */
    Map<String, StepUse> drained() {
        drain();
        synchronized (used) {
            return new LinkedHashMap<>(used);
        }
    }

    /** Events come in order: once the start of an empty job has arrived, so has all before it. */
    private void drain() {
        if (spark.isStopped()) {
            return;
        }
        String mark = Long.toString(MARKS.incrementAndGet());
        CountDownLatch arrived = new CountDownLatch(1);
        marks.put(mark, arrived);
        spark.setLocalProperty(MARK, mark);
        try {
            JavaSparkContext.fromSparkContext(spark).emptyRDD().foreachPartition(rows -> {});
            if (!arrived.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                marks.remove(mark);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            spark.setLocalProperty(MARK, null);
        }
    }

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        Properties properties = event.properties();
        String mark = properties == null ? null : properties.getProperty(MARK);
        CountDownLatch waiting = mark == null ? null : marks.remove(mark);
        if (waiting != null) {
            waiting.countDown();
        }
    }

    @Override
    public void onResourceProfileAdded(SparkListenerResourceProfileAdded event) {
        TaskResourceRequest gpu = event.resourceProfile().taskResourcesJMap().get(GPU);
        gpuAmounts.put(event.resourceProfile().id(), gpu == null ? 0 : gpu.amount());
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        stages.put(
                event.stageInfo().stageId(),
                new Stage(Step.of(event.properties()).name(), event.stageInfo().resourceProfileId()));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        Stage stage = stages.get(event.stageId());
        if (stage == null) {
            return;
        }
        boolean isSuccess = event.taskInfo().successful();
        TaskMetrics metrics = event.taskMetrics();
        StepUse use = metrics == null
                ? new StepUse(stage.step, 0, 1, isSuccess ? 0 : 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                : use(stage, isSuccess, metrics);
        synchronized (used) {
            used.merge(stage.step, use, StepUse::plus);
        }
    }

    private StepUse use(Stage stage, boolean isSuccess, TaskMetrics metrics) {
        double runSeconds = metrics.executorRunTime() / 1e3;
        return new StepUse(
                stage.step,
                0,
                1,
                isSuccess ? 0 : 1,
                runSeconds,
                metrics.executorCpuTime() / 1e9,
                runSeconds * gpuAmounts.getOrDefault(stage.resourceProfile, gpuAmount),
                isSuccess ? metrics.inputMetrics().recordsRead() : 0,
                isSuccess ? metrics.inputMetrics().bytesRead() : 0,
                isSuccess ? metrics.outputMetrics().recordsWritten() : 0,
                isSuccess ? metrics.outputMetrics().bytesWritten() : 0,
                isSuccess ? metrics.shuffleWriteMetrics().bytesWritten() : 0,
                metrics.diskBytesSpilled());
    }
}
