package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nightly jobs over one output at once: one publishes, the other is refused, and what is published is of one of them alone. */
class TwoRunsIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int MAX_OFFSET_MILLIS = 3_000;
    private static final String OTHER = "other";

    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void oneOfTwoRunsPublishes(long seed) throws Exception {
        requireOnePublishes("two runs at once", seed, OTHER);
    }

    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void oneOfTwoTriesOfOneRunPublishes(long seed) throws Exception {
        requireOnePublishes("one run twice at once", seed, Nights.SECOND);
    }

    /** Nobody gets past the swap of CURRENT until one of the two was refused. */
    private static void requireOnePublishes(String fault, long seed, String otherRunId) throws Exception {
        Path output = Nights.copyOfOutput(otherRunId + "-at-once-" + seed);
        long start = System.nanoTime();
        FileHold hold = FileHold.of(output, "CURRENT");
        try (hold;
                AisleProcess first = start(output, Nights.SECOND)) {
            Thread.sleep(new Random(seed).nextInt(MAX_OFFSET_MILLIS));
            try (AisleProcess second = start(output, otherRunId)) {
                AisleProcess loser = awaitEnd(first, second);
                AisleProcess winner = loser == first ? second : first;
                assertThat(loser.exitCode(LIMIT)).as("%s", loser).isEqualTo(4);
                assertThat(loser.err())
                        .contains("Cannot start run ")
                        .contains(" at work there, expected none. Wait until it has ended; if it hangs, end it.");
                assertThat(winner.isAlive()).isTrue();
                assertThat(PublishedRows.current(output.toString())).isEqualTo(Nights.FIRST);
                hold.close();

                requireWhole(fault, start, output, winner, winner == first ? Nights.SECOND : otherRunId);
            }
        }
    }

    /** The claim is only there to save work: without it, the swap decides. */
    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void oneOfTwoRunsPublishesWhereTheClaimWasRemoved(long seed) throws Exception {
        Path output = Nights.copyOfOutput("unclaimed-" + seed);
        long start = System.nanoTime();
        FileHold hold = FileHold.of(output, "CURRENT");
        try (hold;
                AisleProcess first = start(output, Nights.SECOND)) {
            first.awaitLine("checked; publishing run", LIMIT);
            Thread.sleep(new Random(seed).nextInt(MAX_OFFSET_MILLIS));
            Files.delete(output.resolve("RUNNING"));
            try (AisleProcess second = start(output, OTHER)) {
                second.awaitLine("checked; publishing run", LIMIT);
                assertThat(first.isAlive()).isTrue();
                hold.close();
                AisleProcess winner = first.exitCode(LIMIT) == 0 ? first : second;
                AisleProcess loser = winner == first ? second : first;
                assertThat(loser.exitCode(LIMIT)).as("%s", loser).isEqualTo(4);
                assertThat(loser.err()).contains("Cannot publish ").contains("Nothing was changed; run again");

                requireWhole(
                        "two runs at once, the claim removed",
                        start,
                        output,
                        winner,
                        winner == first ? Nights.SECOND : OTHER);
            }
        }
    }

    /** The second comes to the claim when the first has given it free, but read before that what is published. */
    @ParameterizedTest
    @MethodSource("io.aisle.batch.process.Nights#seeds")
    void leavesWhatAnotherTryPublishedWhileItStarted(long seed) throws Exception {
        Path output = Nights.copyOfOutput("overtaken-" + seed);
        Path previous =
                Fixtures.copy(output.resolve("runs/" + Nights.FIRST), output.resolveSibling("previous-" + seed));
        Path manifest = previous.resolve("manifest.json");
        byte[] content = Files.readAllBytes(manifest);
        Files.delete(manifest);
        Files.deleteIfExists(previous.resolve(".manifest.json.crc"));
        assertThat(new ProcessBuilder("mkfifo", manifest.toString()).start().waitFor())
                .isZero();
        String[] command = Nights.second(output.toString(), Nights.SECOND);
        command[command.length - 1] = previous.toString();
        try (AisleProcess late = AisleProcess.start(Map.of(), List.of(), command)) {
            OutputStream pipe = opened(manifest, late);
            long start = System.nanoTime();
            try (pipe;
                    AisleProcess early = start(output, Nights.SECOND)) {
                assertThat(early.exitCode(LIMIT)).as("%s", early).isZero();
                assertThat(late.isAlive()).isTrue();
                Thread.sleep(new Random(seed).nextInt(MAX_OFFSET_MILLIS));
                pipe.write(content);
                pipe.close();

                assertThat(late.exitCode(LIMIT)).as("%s", late).isEqualTo(4);
                assertThat(late.err())
                        .contains("Cannot start second: found that another one was published since this one started");
                requireWhole(
                        "one run twice, published while the second try starts", start, output, early, Nights.SECOND);
            }
        }
    }

    /** Opens a pipe, which waits for its reader. */
    private static OutputStream opened(Path pipe, AisleProcess reader) throws Exception {
        CompletableFuture<OutputStream> opening = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.newOutputStream(pipe);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        while (!opening.isDone()) {
            assertThat(reader.isAlive()).as("%s", reader).isTrue();
            Thread.sleep(20);
        }
        return opening.get();
    }

    private static void requireWhole(String fault, long start, Path output, AisleProcess winner, String runId)
            throws InterruptedException {
        assertThat(winner.exitCode(LIMIT)).as("%s", winner).isZero();
        Aftermath.requireSecondNight(fault, output.toString(), runId, Aftermath.secondsSince(start));
    }

    private static AisleProcess awaitEnd(AisleProcess one, AisleProcess other) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (one.isAlive() && other.isAlive()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("neither ended\n" + one + "\n" + other);
            }
            Thread.sleep(20);
        }
        return one.isAlive() ? other : one;
    }

    private static AisleProcess start(Path output, String runId) {
        return AisleProcess.start(Map.of(), List.of(), Nights.second(output.toString(), runId));
    }
}
