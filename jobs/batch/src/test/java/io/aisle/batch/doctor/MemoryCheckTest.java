package io.aisle.batch.doctor;

import static io.aisle.batch.doctor.Judged.assertFinding;
import static io.aisle.batch.doctor.Judged.assertOk;
import static io.aisle.batch.doctor.Jvm.GIGABYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.TestSession;
import io.aisle.batch.doctor.MemoryCheck.Network;
import io.aisle.batch.doctor.MemoryCheck.Room;
import io.aisle.batch.storage.Directory;
import io.aisle.core.model.CascadeDefinition;
import io.aisle.core.model.DistilBertClassifier;
import io.aisle.core.model.LinearDefinition;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.Scaling;
import io.aisle.core.ngram.NgramSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void aCascadeTakesWhatBothOfItsModelsTake(@TempDir Path directory) throws IOException {
        NetworkDefinition network =
                (NetworkDefinition) HandMadeBundle.get().manifest().model();
        LinearDefinition linear = new LinearDefinition(
                network.recipe(),
                network.labels(),
                network.foldMap(),
                new NgramSettings(1, 1, 0, new TreeSet<>(), new TreeMap<>()),
                3,
                List.of(),
                Scaling.NONE);
        CascadeDefinition cascade = new CascadeDefinition(
                network.recipe(), network.labels(), network.foldMap(), linear, network, 0.5, Scaling.NONE);
        Files.write(Files.createDirectories(directory.resolve("first/linear")).resolve("data.npy"), new byte[70]);
        Files.write(Files.createDirectories(directory.resolve("second")).resolve("model.onnx"), new byte[500]);

        assertThat(MemoryCheck.network(cascade, Directory.of(TestSession.get(), directory.toString())))
                .isEqualTo(new Network(
                        570, network.network().activationBytes(DistilBertClassifier.BATCH_SIZE, network.maxTokens())));
    }

    private static Room room(long heap, long limit, int tasks) {
        return new Room("executor 1", heap, limit, "its container", tasks);
    }
}
