package io.aisle.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.Success$;
import org.apache.spark.TaskState;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.Seq;
import scala.collection.immutable.Nil$;

class ProgressLinesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong millis = new AtomicLong(1_000_000);
    private final ProgressLines lines =
            new ProgressLines(new PrintStream(out, true, StandardCharsets.UTF_8), millis::get);

    private void submit(StageInfo stage, String step) {
        Properties properties = new Properties();
        if (step != null) {
            properties.setProperty("spark.job.description", step);
        }
        lines.onStageSubmitted(new SparkListenerStageSubmitted(stage, properties));
    }

    /** A task ends, so many seconds later. */
    private void end(StageInfo stage, boolean isSuccess, int secondsLater) {
        millis.addAndGet(secondsLater * 1_000L);
        TaskInfo task = new TaskInfo(1, 1, 0, 0, "driver", "localhost", TaskLocality.ANY(), false);
        task.markFinished(isSuccess ? TaskState.FINISHED() : TaskState.FAILED(), 1);
        lines.onTaskEnd(new SparkListenerTaskEnd(stage.stageId(), 0, "", Success$.MODULE$, task, null, null));
    }

    private static StageInfo stage(int id, int tasks) {
        return new StageInfo(
                id, 0, "parquet at X", tasks, none(), none(), "", null, none(), Option.empty(), 0, false, 0);
    }

    @SuppressWarnings("unchecked")
    private static <T> Seq<T> none() {
        return (Seq<T>) (Seq<?>) Nil$.MODULE$;
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsEveryFewSecondsHowFarAStageIs() {
        StageInfo stage = stage(7, 10);
        submit(stage, "prepare: write");

        end(stage, true, 1);
        end(stage, true, 3);
        assertThat(printed()).as("too soon").isEmpty();
        end(stage, true, 2);
        end(stage, true, 1);
        assertThat(printed()).isEqualTo("  … prepare: write: task 3 of 10, 6 s, about 14 s left\n");
        end(stage, true, 5);
        assertThat(printed()).endsWith("\n  … prepare: write: task 5 of 10, 12 s, about 12 s left\n");
    }

    @Test
    void countsNoFailedTaskAndNoTaskOfAStageThatEnded() {
        StageInfo stage = stage(7, 2);
        submit(stage, null);

        end(stage, false, 6);
        assertThat(printed()).isEmpty();
        end(stage, true, 1);
        assertThat(printed())
                .as("without a step, Spark's own name")
                .isEqualTo("  … parquet at X: task 1 of 2, 7 s, about 7 s left\n");
        lines.onStageCompleted(new SparkListenerStageCompleted(stage));
        end(stage, true, 60);
        assertThat(printed()).hasLineCount(1);
    }
}
