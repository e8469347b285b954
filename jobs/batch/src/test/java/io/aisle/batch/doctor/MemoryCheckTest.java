package io.aisle.batch.doctor;

import static io.aisle.batch.doctor.Judged.assertFinding;
import static io.aisle.batch.doctor.Judged.assertOk;
import static io.aisle.batch.doctor.Jvm.GIGABYTE;

import io.aisle.batch.doctor.MemoryCheck.Network;
import io.aisle.batch.doctor.MemoryCheck.Room;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    @Test
    void memoryHoldsHeapModelAndBatches() {
        Network network = new Network(250L << 20, 60L << 20);
        // 300 + 2 * 250 + 2 * 60
        assertOk(
                MemoryCheck.judge(room(4 * GIGABYTE, 16 * GIGABYTE, 2), network),
                "heap 4,096 MB, beside it 920 MB (model 250 MB, 2 tasks at once), of 16,384 MB by its container");

        assertFinding(
                MemoryCheck.judge(room(800L << 20, 16 * GIGABYTE, 2), network),
                Verdict.WARN,
                "heap 800 MB, beside it 920 MB (model 250 MB, 2 tasks at once), of 16,384 MB by its container, expected a heap"
                        + " of 850 MB or more",
                "Give it more: -- --executor-memory 2g, or run fewer tasks at once");
        assertFinding(
                MemoryCheck.judge(room(600L << 20, 16 * GIGABYTE, 2), network),
                Verdict.FAIL,
                "heap 600 MB, beside it 920 MB (model 250 MB, 2 tasks at once), of 16,384 MB by its container, expected a heap"
                        + " of 850 MB or more",
                "Give it more: -- --executor-memory 2g");
        assertFinding(
                MemoryCheck.judge(room(4 * GIGABYTE, 5_000L << 20, 2), network),
                Verdict.FAIL,
                "together 5,016 MB: heap 4,096 MB, beside it 920 MB (model 250 MB, 2 tasks at once), of 5,000 MB by its"
                        + " container, expected no more than that",
                "--conf spark.executor.memoryOverhead=921m");
        assertFinding(
                MemoryCheck.judge(room(4 * GIGABYTE, 5_100L << 20, 2), network),
                Verdict.WARN,
                "heap 4,096 MB, beside it 920 MB (model 250 MB, 2 tasks at once), of 5,100 MB by its container, which leaves"
                        + " next to nothing",
                "memoryOverhead");
    }

    private static Room room(long heap, long limit, int tasks) {
        return new Room("executor 1", heap, limit, "its container", tasks);
    }
}
