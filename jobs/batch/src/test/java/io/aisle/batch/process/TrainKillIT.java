package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A training that is killed and started again by the same command. */
class TrainKillIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Path DIRECTORY = Fixtures.fresh("train-kill");
    private static final Path PREPARED = DIRECTORY.resolve("prepared");

    @Test
    void endsWithTheNetworkOfATrainingThatNeverStopped() throws IOException, InterruptedException {
        Path catalog = DIRECTORY.resolve("catalog");
        AisleRun.succeeding("generate", "--rows", "1000", "--classes", "24", "--output", catalog.toString());
        AisleRun.succeeding(
                "prepare", "--input", catalog.toString(), "--min-class-size", "30", "--output", PREPARED.toString());
        Path unbroken = DIRECTORY.resolve("unbroken");
        AisleRun.succeeding(train(unbroken));

        Path killed = DIRECTORY.resolve("killed");
        Path kept = DIRECTORY.resolve(".killed-training");
        try (AisleProcess process = AisleProcess.start(Map.of(), List.of(), train(killed))) {
            // in the second of three epochs, each of some 25 steps
            awaitCheckpoint(process, kept, 8);
            process.kill();
        }
        assertThat(killed).doesNotExist();

        try (AisleProcess process = AisleProcess.start(Map.of(), List.of(), train(killed))) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
            assertThat(process.out()).contains("going on from a checkpoint: epoch ");
        }

        assertThat(Files.mismatch(killed.resolve("model.onnx"), unbroken.resolve("model.onnx")))
                .as("the first byte in which the networks differ")
                .isEqualTo(-1);
        assertThat(kept).doesNotExist();
    }

    private static void awaitCheckpoint(AisleProcess process, Path kept, int least)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (latest(kept) < least) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("there is no checkpoint " + least + " in " + kept + "\n" + process);
            }
            Thread.sleep(20);
        }
    }

    private static int latest(Path kept) throws IOException {
        if (!Files.isDirectory(kept)) {
            return 0;
        }
        try (var files = Files.list(kept)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("checkpoint-\\d+"))
                    .mapToInt(name -> Integer.parseInt(name.substring("checkpoint-".length())))
                    .max()
                    .orElse(0);
        }
    }

    private static String[] train(Path output) {
        return new String[] {
            "train",
            "--data",
            PREPARED.toString(),
            "--epochs",
            "3",
            "--max-tokens",
            "24",
            "--set",
            "train.vocabulary-size=600",
            "--set",
            "train.threads=1",
            "--set",
            "train.checkpoint-steps=4",
            "--output",
            output.toString()
        };
    }
}
