package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.bench.EventLog.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    @TempDir
    private Path directory;

    @Test
    void readsTheTasksOfEachStage() throws IOException {
        Files.write(
                directory.resolve("local-1"),
                List.of(
                        "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.5.5\"}",
                        submitted(0, "count at A.java:1", "{\"aisle.step\":\"prepare: read\"}"),
                        task(0, 4_000, "Success"),
                        task(0, 1_000, "Success"),
                        task(0, 2_000, "Success"),
                        task(0, 90_000, "ExceptionFailure"),
                        submitted(3, "parquet at B.java:2", "{}"),
                        task(3, 500, "Success")));

        List<Stage> stages = EventLog.stages(directory);

        assertThat(stages)
                .containsExactly(
                        new Stage(0, "prepare: read, count at A.java:1", List.of(4.0, 1.0, 2.0)),
                        new Stage(3, "parquet at B.java:2", List.of(0.5)));
        assertThat(stages.get(0).skew()).isEqualTo(2.0);
        assertThat(stages.get(0).inWords())
                .isEqualTo("prepare: read, count at A.java:1 (stage 0): 3 tasks, longest 4.0 s, median 2.0 s");
    }

    @Test
    void oneOfTwoTasksDoesNotHideTheOther() {
        assertThat(new Stage(1, "two", List.of(8.0, 2.0)).skew()).isEqualTo(4.0);
    }

    @Test
    void worstStageIsTheMostUnequalOfThoseThatLast() {
        Stage alike = new Stage(1, "alike", List.of(9.0, 9.0, 9.0));
        Stage unequal = new Stage(2, "unequal", List.of(5.0, 1.0, 1.0));
        Stage shortOnes = new Stage(3, "short", List.of(1.0, 0.1, 0.1));
        Stage lone = new Stage(4, "lone", List.of(99.0));

        assertThat(EventLog.worst(List.of(alike, unequal, shortOnes, lone), 3)).contains(unequal);
        assertThat(EventLog.worst(List.of(shortOnes, lone), 3)).isEmpty();
    }

    @Test
    void refusesDirectoryWithoutOneLog() {
        assertThatThrownBy(() -> EventLog.stages(directory))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read an event log: found [], expected one file");
    }

    private static String submitted(int stage, String name, String properties) {
        return "{\"Event\":\"SparkListenerStageSubmitted\",\"Stage Info\":{\"Stage ID\":" + stage + ",\"Stage Name\":\""
                + name + "\",\"Number of Tasks\":3},\"Properties\":" + properties + "}";
    }

    private static String task(int stage, int milliseconds, String reason) {
        return "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":" + stage + ",\"Task End Reason\":{\"Reason\":\""
                + reason + "\"},\"Task Metrics\":{\"Executor Run Time\":" + milliseconds + "}}";
    }
}
