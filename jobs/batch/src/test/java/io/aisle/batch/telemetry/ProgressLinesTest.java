package io.aisle.batch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.JobContext;
import io.aisle.batch.TestSession;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.Success$;
import org.apache.spark.TaskState;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

class ProgressLinesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong millis = new AtomicLong(1_000_000);
    private final JobLog log = new JobLog(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            Clock.fixed(Instant.parse("2026-02-01T03:04:05.678Z"), ZoneOffset.UTC));
    private final ProgressLines lines = new ProgressLines(log, 5_000, millis::get);

    /** A stage of so many tasks, in a step unless it is null. */
    private void submit(int tasks, String step, String expectedRows) {
        submit(tasks, step, expectedRows, new Properties());
    }

    private void submit(int tasks, String step, String expectedRows, Properties properties) {
        if (step != null) {
            properties.setProperty("aisle.step", step);
        }
        if (expectedRows != null) {
            properties.setProperty("aisle.step.expected-rows", expectedRows);
        }
        lines.onStageSubmitted(new SparkListenerStageSubmitted(stage(tasks), properties));
    }

    private static StageInfo stage(int tasks) {
        return new StageInfo(
                7,
                0,
                "parquet at X",
                tasks,
                seq(List.of()),
                seq(List.of()),
                "",
                null,
                seq(List.of()),
                Option.empty(),
                0,
                false,
                0);
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list);
    }

    private static TaskInfo task(long id) {
        return new TaskInfo(id, (int) id, 0, 0, "driver", "localhost", TaskLocality.ANY(), false);
    }

    private void start(long id) {
        lines.onTaskStart(new SparkListenerTaskStart(7, 0, task(id)));
    }

    private void end(long id, boolean isSuccess, TaskMetrics metrics) {
        TaskInfo task = task(id);
        task.markFinished(isSuccess ? TaskState.FINISHED() : TaskState.FAILED(), 1);
        lines.onTaskEnd(new SparkListenerTaskEnd(7, 0, "", Success$.MODULE$, task, null, metrics));
    }

    private static TaskMetrics read(long rows) {
        TaskMetrics metrics = new TaskMetrics();
        metrics.inputMetrics().setRecordsRead(rows);
        return metrics;
    }

    private void heartbeat(long id, String metric, long value) {
        AccumulableInfo info = new AccumulableInfo(
                1,
                Option.apply("internal.metrics." + metric),
                Option.apply(value),
                Option.empty(),
                true,
                true,
                Option.empty());
        Seq<Tuple4<Object, Object, Object, Seq<AccumulableInfo>>> updates =
                seq(List.of(new Tuple4<>(id, 7, 0, seq(List.of(info)))));
        lines.onExecutorMetricsUpdate(
                new SparkListenerExecutorMetricsUpdate("driver", updates, scala.collection.Map$.MODULE$.empty()));
    }

    /** What is said when so many seconds have gone. */
    private String afterSeconds(int seconds) {
        millis.addAndGet(seconds * 1_000L);
        out.reset();
        lines.tell();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsRowsAndTasksOfALongStage() {
        submit(10, "prepare: write", null);
        start(0);
        start(1);
        end(0, true, read(4_000));

        assertThat(afterSeconds(4)).as("a short stage").isEmpty();
        assertThat(afterSeconds(4))
                .isEqualTo("  … prepare: write: 4,000 rows, 500 rows/s, 1 of 10 tasks done, 8 s, about 72 s left\n");
    }

    @Test
    void tellsTheRowsOfTasksOfWhichNoneHasEnded() {
        submit(1, "classify: score", "9000");
        start(0);

        assertThat(afterSeconds(5)).as("no heartbeat yet").isEqualTo("  … classify: score: 0 of 1 tasks done, 5 s\n");
        heartbeat(0, "input.recordsRead", 3_000);
        assertThat(afterSeconds(5))
                .isEqualTo("  … classify: score: 3,000 of 9,000 rows, 300 rows/s, 0 of 1 tasks done, 10 s,"
                        + " about 20 s left\n");
    }

    @Test
    void leavesTheWordToATaskThatSpeaksForItself() {
        Properties speaking = new Properties();
        speaking.setProperty("aisle.step.speaking-task", "true");
        submit(1, "train: fine-tune", null, speaking);
        start(0);
        assertThat(afterSeconds(10)).isEmpty();

        submit(2, "train: fine-tune", null, speaking);
        start(1);
        assertThat(afterSeconds(10)).as("texts are tokenized").startsWith("  … train: fine-tune: 0 of 2 tasks done");
    }

    @Test
    void knowsMetricsByTheirIdsWhereAHeartbeatHasNoNames() {
        TaskMetrics metrics = new TaskMetrics();
        metrics.register(TestSession.get().sparkContext());
        long id = TaskRows.names(metrics).entrySet().stream()
                .filter(metric -> metric.getValue().equals("internal.metrics.input.recordsRead"))
                .findFirst()
                .orElseThrow()
                .getKey();
        AccumulableInfo unnamed =
                new AccumulableInfo(id, Option.empty(), Option.apply(30L), Option.empty(), true, true, Option.empty());

        assertThat(TaskRows.of(seq(List.of(unnamed)), TaskRows.names(metrics))).isEqualTo(new TaskRows(30, 0, 0));
        assertThat(TaskRows.of(seq(List.of(unnamed)), TaskRows.names(null))).isEqualTo(TaskRows.NONE);
    }

    @Test
    void countsTheRowsOfATaskOnce() {
        submit(3, "s", "1000");
        start(0);
        heartbeat(0, "shuffle.read.recordsRead", 50);
        heartbeat(0, "shuffle.read.recordsRead", 80);
        end(0, true, read(100));
        heartbeat(0, "shuffle.read.recordsRead", 90);
        start(1);
        heartbeat(1, "shuffle.read.recordsRead", 20);

        assertThat(afterSeconds(10)).startsWith("  … s: 120 of 1,000 rows, 12 rows/s, 1 of 3 tasks done, 10 s,");
    }

    @Test
    void countsWrittenRowsWhereNoneAreRead() {
        submit(2, "generate: write", null);
        start(0);
        heartbeat(0, "output.recordsWritten", 700);

        assertThat(afterSeconds(7)).isEqualTo("  … generate: write: 700 rows, 100 rows/s, 0 of 2 tasks done, 7 s\n");
    }

    @Test
    void goesByTasksWhereTheExpectationWasWrong() {
        submit(4, "s", "50");
        start(0);
        end(0, true, read(100));
        start(1);

        assertThat(afterSeconds(10))
                .isEqualTo("  … s: 100 rows, 10 rows/s, 1 of 4 tasks done, 10 s, about 30 s left\n");
    }

    @Test
    void countsNoFailedTaskAndSaysNothingOfAStageThatEndedOrWaits() {
        submit(2, null, null);
        assertThat(afterSeconds(60)).as("no executor yet").isEmpty();
        start(0);
        end(0, false, null);
        start(1);

        assertThat(afterSeconds(5))
                .as("without a step, Spark's own name")
                .isEqualTo("  … parquet at X: 0 of 2 tasks done, 5 s\n");
        lines.onStageCompleted(new SparkListenerStageCompleted(stage(2)));
        assertThat(afterSeconds(5)).isEmpty();
    }

    @Test
    void hasItsNumbersAsFieldsInJson() {
        log.begin(LogFormat.JSON, "classify");
        log.application("local-1");
        log.step("classify: score");
        submit(2, "classify: score", "400");
        start(0);
        heartbeat(0, "input.recordsRead", 100);

        assertThat(afterSeconds(10))
                .isEqualTo("{\"time\":\"2026-02-01T03:04:05.678Z\",\"level\":\"INFO\",\"job\":\"classify\","
                        + "\"application\":\"local-1\",\"step\":\"classify: score\","
                        + "\"message\":\"… classify: score: 100 of 400 rows, 10 rows/s, 0 of 2 tasks done, 10 s, about 30 s"
                        + " left\",\"rows\":100,\"expected_rows\":400,\"rows_per_second\":10.0,\"tasks_done\":0,\"tasks\":2,"
                        + "\"seconds\":10.0,\"eta_seconds\":30.0}\n");
    }

    @Test
    void speaksByItselfWhileATaskRuns() {
        CountDownLatch spoken = TaskGate.SPOKEN;
        PrintStream listening = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void print(String line) {
                if (line.equals("  … wait: 0 of 1 tasks done, 0 s\n")) {
                    spoken.countDown();
                }
            }
        };
        JobLog listened = new JobLog(listening, listening, Clock.systemUTC());
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(TestSession.get().sparkContext());
        ProgressLines speaking = ProgressLines.start(spark.sc(), listened, 5);
        try {
            new JobContext(TestSession.get(), listened, new RunMeter(spark.sc(), Double.NaN)).step("wait");
            List<Boolean> isSpoken = spark.parallelize(new ArrayList<>(List.of(1)), 1)
                    .map(one -> TaskGate.SPOKEN.await(60, TimeUnit.SECONDS))
                    .collect();

            assertThat(isSpoken).containsExactly(true);
        } finally {
            speaking.close();
            Step.NONE.mark(spark.sc());
        }
    }

    /** What the task waits for: a static, since the task is a copy. */
    private static final class TaskGate {
        static final CountDownLatch SPOKEN = new CountDownLatch(1);
    }
}
