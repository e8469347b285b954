package io.aisle.batch.gpu;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.core.UserException;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class GpuProbeTest {
    private static final SparkContext SPARK = TestSession.get().sparkContext();
    /** Of the task that takes too long: as its cancelling does not end it, it would hold a core of the session that tests share. */
    private static final CountDownLatch END = new CountDownLatch(1);

    @AfterAll
    static void endsTheTask() {
        END.countDown();
    }

    @Test
    void refusesWhereNoExecutorTakesTheTaskInTime() {
        assertThatThrownBy(() -> GpuProbe.await(SPARK, 1, ignored -> END.await()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use GPUs: found no executor with one within 1 s, expected a worker or node manager that"
                                + " offers the resource gpu. Look at what the cluster offers, give it longer"
                                + " (-- --conf spark.aisle.gpu.wait=900s), or take the GPU settings away.");
    }

    @Test
    void givesTheReasonOfTheExecutor() {
        assertThatThrownBy(() -> GpuProbe.await(SPARK, 60, ignored -> {
                    throw new UserException("Cannot use GPU 0: found no driver");
                }))
                .hasRootCauseInstanceOf(UserException.class)
                .hasRootCauseMessage("Cannot use GPU 0: found no driver");
    }
}
