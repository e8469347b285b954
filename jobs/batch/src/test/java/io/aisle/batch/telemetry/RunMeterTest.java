package io.aisle.batch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.JobContext;
import io.aisle.batch.TestSession;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.TaskState;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.scheduler.SparkListenerResourceProfileAdded;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.collection.Seq;
import scala.collection.immutable.Nil$;

class RunMeterTest {
    private final SparkContext spark = TestSession.get().sparkContext();
    private final AtomicLong nanos = new AtomicLong(5);
    private final TaskMeter tasks = new TaskMeter(spark);
    private final RunMeter meter = new RunMeter(tasks, 36, nanos::get);
    private final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    private final JobContext context =
            new JobContext(TestSession.get(), new JobLog(nowhere, nowhere, Clock.systemUTC()), meter);

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        meter.stop();
        Step.NONE.mark(spark);
    }

    private void submit(int stage, String step, int resourceProfile) {
        Properties properties = new Properties();
        properties.setProperty("aisle.step", step);
        StageInfo info = new StageInfo(
                stage, 0, "", 1, none(), none(), "", null, none(), Option.empty(), resourceProfile, false, 0);
        tasks.onStageSubmitted(new SparkListenerStageSubmitted(info, properties));
    }

    @SuppressWarnings("unchecked")
    private static <T> Seq<T> none() {
        return (Seq<T>) (Seq<?>) Nil$.MODULE$;
    }

    private void end(int stage, boolean isSuccess, TaskMetrics metrics) {
        TaskInfo task = new TaskInfo(1, 1, 0, 0, "driver", "localhost", TaskLocality.ANY(), false);
        task.markFinished(isSuccess ? TaskState.FINISHED() : TaskState.FAILED(), 1);
        tasks.onTaskEnd(new SparkListenerTaskEnd(stage, 0, "", Success$.MODULE$, task, null, metrics));
    }

    private static TaskMetrics metrics() {
        TaskMetrics metrics = new TaskMetrics();
        metrics.setExecutorRunTime(8_000);
        metrics.setExecutorCpuTime(6_000_000_000L);
        metrics.inputMetrics().setRecordsRead(10);
        metrics.inputMetrics().setBytesRead(1_000);
        metrics.outputMetrics().setRecordsWritten(9);
        metrics.outputMetrics().setBytesWritten(900);
        metrics.shuffleWriteMetrics().incBytesWritten(300);
        metrics.incDiskBytesSpilled(70);
        return metrics;
    }

    @Test
    void countsWhatARealStepReadsAndWrites() {
        SparkSession session = context.spark();
        String file = folder.resolve("numbers").toString();
        context.step("write");
        session.range(0, 1_000, 1, 4).write().parquet(file);
        context.step("read");
        session.read()
                .schema("id bigint")
                .parquet(file)
                .toJavaRDD()
                .foreachPartition(rows -> rows.forEachRemaining(row -> {}));

        List<StepUse> steps = meter.steps();

        assertThat(steps).extracting(StepUse::step).containsExactly("write", "read");
        assertThat(steps.get(0).rowsWritten()).isEqualTo(1_000);
        assertThat(steps.get(0).bytesWritten()).isPositive();
        assertThat(steps.get(0).tasks()).isEqualTo(4);
        assertThat(steps.get(0).cpuSeconds()).isPositive();
        assertThat(steps.get(0).gpuSeconds()).isZero();
        assertThat(steps.get(1).rowsRead()).isEqualTo(1_000);
        assertThat(steps.get(1).failedTasks()).isZero();
        assertThat(meter.total().rowsWritten()).isEqualTo(1_000);
    }

    @Test
    void hasCountedEveryTaskThatEndedBeforeItIsRead() {
        for (int round = 1; round <= 20; round++) {
            context.step("many");
            context.spark().range(0, 100, 1, 50).toJavaRDD().foreachPartition(rows -> {});

            assertThat(meter.steps().get(0).tasks()).isEqualTo(50L * round);
        }
    }

    @Test
    void addsUpTheWallTimeOfEachStep() {
        context.step("a");
        nanos.addAndGet(2_000_000_000L);
        context.step("b");
        nanos.addAndGet(3_000_000_000L);
        context.step("a");
        nanos.addAndGet(500_000_000L);

        assertThat(meter.steps()).extracting(StepUse::step).containsExactly("a", "b");
        assertThat(meter.steps()).extracting(StepUse::seconds).containsExactly(2.5, 3.0);
        nanos.addAndGet(1_000_000_000L);
        assertThat(meter.steps()).extracting(StepUse::seconds).containsExactly(3.5, 3.0);
        assertThat(meter.total().seconds()).isEqualTo(6.5);
    }

    @Test
    void countsTheTimeOfFailedTasksButNotTheirRows() {
        submit(900_001, "s", 0);
        end(900_001, true, metrics());
        end(900_001, false, metrics());
        end(900_001, false, null);

        assertThat(meter.steps()).containsExactly(new StepUse("s", 0, 3, 2, 16, 12, 0, 10, 1_000, 9, 900, 300, 140));
        assertThat(meter.total()).isEqualTo(new StepUse("total", 0, 3, 2, 16, 12, 0, 10, 1_000, 9, 900, 300, 140));
    }

    @Test
    void countsGpuSecondsByTheShareOfAGpuThatATaskHas() {
        ResourceProfile quarter = new ResourceProfileBuilder()
                .require(new TaskResourceRequests().resource("gpu", 0.25))
                .build();
        tasks.onResourceProfileAdded(new SparkListenerResourceProfileAdded(quarter));
        submit(900_002, "on a quarter", quarter.id());
        submit(900_003, "on none", 0);
        end(900_002, true, metrics());
        end(900_003, true, metrics());

        assertThat(meter.steps()).extracting(StepUse::gpuSeconds).containsExactly(2.0, 0.0);
    }

    @Test
    void countsGpuSecondsByTheSettingOfTheApplication() {
        spark.conf().set("spark.task.resource.gpu.amount", "0.5");
        try {
            RunMeter onGpus = new RunMeter(spark, Double.NaN);
            new JobContext(context.spark(), new JobLog(nowhere, nowhere, Clock.systemUTC()), onGpus).step("s");
            context.spark()
                    .range(0, 1_000_000, 1, 2)
                    .toJavaRDD()
                    .foreachPartition(rows -> rows.forEachRemaining(row -> {}));
            StepUse use = onGpus.total();
            onGpus.stop();

            assertThat(use.runSeconds()).isPositive();
            assertThat(use.gpuSeconds()).isCloseTo(use.runSeconds() / 2, within(1e-9));
        } finally {
            spark.conf().remove("spark.task.resource.gpu.amount");
        }
    }

    @Test
    void keepsApartWhatRanBeforeTheFirstStep() {
        assertThat(meter.steps()).as("no task").isEmpty();
        context.spark().range(0, 10, 1, 1).toJavaRDD().foreachPartition(rows -> {});

        assertThat(meter.steps()).extracting(StepUse::step).containsExactly("");
        assertThat(meter.pricePerHour()).isEqualTo(36);
    }

    @Test
    void aMillionRowsCostWhatTheClusterCostsMeanwhile() {
        // half an hour of 36 is 18, for two million rows
        assertThat(Cost.perMillionRows(36, 1_800, 2_000_000)).isCloseTo(9, within(1e-12));
        assertThat(Cost.perMillionRows(0, 1_800, 2_000_000)).isZero();
        assertThat(Cost.perMillionRows(36, 1_800, 0)).isNaN();
        assertThat(Cost.perMillionRows(Double.NaN, 1_800, 2_000_000)).isNaN();
    }
}
