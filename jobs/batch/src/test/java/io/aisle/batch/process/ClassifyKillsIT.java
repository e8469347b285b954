package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The nightly job, killed over an output that has readers: they see one whole run, and the same command again ends well. */
class ClassifyKillsIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int ATTEMPTS = 8;
    private static final String STOPPED =
            "Stopped by a signal before the job was done. Nothing was published unless the job said so. Run the same"
                    + " command again.";

    /** What befalls a process that stands still. */
    private interface Blow {
        void strike(AisleProcess process) throws IOException, InterruptedException;
    }

    static Stream<Arguments> killed() {
        return Stream.of(Moment.values())
                .flatMap(moment -> Nights.seeds().mapToObj(seed -> Arguments.of(moment, seed)));
    }

    /** A signal may come at any time before the swap. */
    static Stream<Arguments> signalled() {
        Moment[] moments = {Moment.READ, Moment.BEFORE_SWAP, Moment.WRITING, Moment.CHECKING};
        return Nights.seeds().mapToObj(seed -> Arguments.of(moments[Math.floorMod(seed, moments.length)], seed));
    }

    @ParameterizedTest
    @MethodSource("killed")
    void killedDriverLeavesOneWholeRunAndIsMadeGoodByTheSameCommand(Moment moment, long seed) throws Exception {
        Path output = struck(moment, seed, AisleProcess::kill);

        Aftermath.requirePublished(
                moment.isPublished() ? Nights.afterSecond() : Nights.afterFirst(), output.toString());
        recover("driver kill -9 " + moment.inWords(), output, moment.isPublished());
    }

    @ParameterizedTest
    @MethodSource("signalled")
    void signalEndsItWithItsNoticeAndPublishesNothing(Moment moment, long seed) throws Exception {
        Path output = struck(moment, seed, process -> {
            process.terminate();
            process.resume();
            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(143);
            // Spark's own tasks may complain beside it when they are cut off
            assertThat(process.err().lines())
                    .containsOnlyOnce(STOPPED)
                    .noneMatch(line -> line.contains("This is a bug"));
        });

        Aftermath.requirePublished(Nights.afterFirst(), output.toString());
        recover("driver SIGTERM", output, false);
    }

    /** Spark takes a while to stop, in which the job's own thread goes on. */
    @Test
    void publishesNothingOnceItWasSignalled() throws Exception {
        Path output = Nights.copyOfOutput("signalled-before-publishing");
        // the swap begins with the audit line of the version before
        FileHold hold = FileHold.of(output, "audit/000000000001.json");
        try (hold;
                AisleProcess process = start(output)) {
            process.awaitLine("checked; publishing run", LIMIT);
            process.terminate();
            process.awaitErrorLine(STOPPED, LIMIT);
            hold.close();
            assertThat(process.exitCode(LIMIT)).as("%s", process).isEqualTo(143);
        }

        Aftermath.requirePublished(Nights.afterFirst(), output.toString());
    }

    /**
     * Strikes a run in a moment. The run stands still while it is looked at; where the moment is over already, another run over a fresh
     * output is made to stand still sooner.
     */
    private static Path struck(Moment moment, long seed, Blow blow) throws Exception {
        int delayMillis = new Random(seed).nextInt(moment.maxDelayMillis());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Path output = Nights.copyOfOutput(moment + "-" + seed);
            Optional<FileHold> hold = moment.hold(output);
            try (AisleProcess process = start(output)) {
                moment.await(process, output);
                Thread.sleep(delayMillis);
                process.freeze();
                if (moment.isNow(output)) {
                    blow.strike(process);
                    return output;
                }
            } finally {
                if (hold.isPresent()) {
                    hold.get().close();
                }
            }
            delayMillis /= 4;
        }
        throw new AssertionError("found the moment " + moment.inWords() + " over in each of " + ATTEMPTS + " runs");
    }

    private static AisleProcess start(Path output) {
        return AisleProcess.start(Nights.second(output.toString(), Nights.SECOND));
    }

    private static void recover(String fault, Path output, boolean isPublished) {
        Aftermath.recover(fault, output, isPublished);
        if (!isPublished) {
            assertThat(output.resolve("RUNNING")).doesNotExist();
        }
    }
}
