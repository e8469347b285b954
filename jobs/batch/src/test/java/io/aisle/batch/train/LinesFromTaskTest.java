package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.JobContext;
import io.aisle.batch.TestSession;
import io.aisle.batch.telemetry.JobLog;
import io.aisle.batch.telemetry.RunMeter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

class LinesFromTaskTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void areSaidOnceAtEachHeartbeatAndTheRestAtTheEnd() {
        try (LinesFromTask lines = listen()) {
            heartbeat(lines, 1, "a");
            heartbeat(lines, 1, "a");
            heartbeat(lines, 1, "a", "b");
            assertThat(said()).containsExactly("a", "b");

            List.of("a", "b", "c").forEach(lines.lines()::add);
        }
        assertThat(said()).containsExactly("a", "b", "c");
    }

    @Test
    void ofATaskThatIsTriedAgainBeginAnew() {
        try (LinesFromTask lines = listen()) {
            heartbeat(lines, 1, "a", "b");
            heartbeat(lines, 2, "a");
            heartbeat(lines, 1, "a", "b", "late");
            List.of("a", "c").forEach(lines.lines()::add);
        }
        assertThat(said()).containsExactly("a", "b", "a", "c");
    }

    private LinesFromTask listen() {
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        return LinesFromTask.listen(new JobContext(
                TestSession.get(),
                new JobLog(out, out, Clock.systemUTC()),
                new RunMeter(TestSession.get().sparkContext(), Double.NaN)));
    }

    private List<String> said() {
        return said.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void heartbeat(LinesFromTask lines, long task, String... all) {
        AccumulableInfo info = new AccumulableInfo(
                lines.lines().id(),
                Option.empty(),
                Option.apply(List.of(all)),
                Option.empty(),
                false,
                false,
                Option.empty());
        lines.onExecutorMetricsUpdate(new SparkListenerExecutorMetricsUpdate(
                "1",
                seq(List.of(new Tuple4<>(task, 0, 0, seq(List.of(info))))),
                scala.collection.Map$.MODULE$.empty()));
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list);
    }
}
