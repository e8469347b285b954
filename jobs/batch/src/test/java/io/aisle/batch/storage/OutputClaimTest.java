package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.storage.LocalObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputClaimTest {
    private static final Duration BRIEFLY = Duration.ofMillis(1);
    private static final Duration SELDOM = Duration.ofDays(1);

    @TempDir
    Path output;

    @Test
    void givesTheOutputFreeWhenClosed() {
        try (OutputClaim claim = take("monday")) {
            claim.requireHeld();
            assertThat(output.resolve("RUNNING")).content().contains("\"run_id\":\"monday\"");
        }
        assertThat(output.resolve("RUNNING")).doesNotExist();
        take("tuesday").close();
    }

    @Test
    void takesOverFromProcessThatIsGone() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        holder(OutputClaim.thisKernel(), gone.pid(), 0);

        try (OutputClaim claim = OutputClaim.take(store(), "out", "tuesday", Duration.ofDays(1), SELDOM)) {
            claim.requireHeld();
        }
    }

    @Test
    void takesOverFromEarlierProcessOfTheSameNumber() throws IOException {
        holder(OutputClaim.thisKernel(), ProcessHandle.current().pid(), 1);

        OutputClaim.take(store(), "out", "tuesday", Duration.ofDays(1), SELDOM).close();
    }

    @Test
    void takesOverFromSilentProcessOfAnotherHost() throws IOException {
        holder("elsewhere", 1, 1);

        try (OutputClaim claim = take("tuesday")) {
            claim.requireHeld();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not JSON", "null", "{}", "[1]"})
    void takesOverWhatNoHolderWroteWhenItStaysAsItIs(String content) throws IOException {
        Files.writeString(output.resolve("RUNNING"), content);

        try (OutputClaim claim = take("tuesday")) {
            claim.requireHeld();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not JSON", "{}"})
    void publishesNothingWhereItsClaimWasWrittenOver(String content) throws IOException {
        try (OutputClaim claim = take("monday")) {
            Files.writeString(output.resolve("RUNNING"), content);

            assertThatThrownBy(claim::requireHeld).isInstanceOf(RefusedException.class);
        }
        assertThat(output.resolve("RUNNING")).hasContent(content);
    }

    @Test
    void refusesWhileProcessOfAnotherHostShowsThatItLives() throws IOException {
        holder("elsewhere", 1, 1);
        LocalObjectStore beating = new LocalObjectStore(output);

        assertThatThrownBy(
                        () -> OutputClaim.take(new BeatenStore(beating), "out", "tuesday", Duration.ofDays(1), SELDOM))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Cannot start run tuesday in out: found run monday (process 1 on shop-1) at work there,"
                        + " expected none. Wait until it has ended; if it hangs, end it.");
    }

    @Test
    void publishesNothingAfterAnotherRunTookOver() throws IOException {
        try (OutputClaim claim = take("monday")) {
            holder("elsewhere", 1, 1);

            assertThatThrownBy(claim::requireHeld)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith("Cannot publish run monday: found that another run took over the output");
        }
        assertThat(output.resolve("RUNNING")).content().contains("elsewhere");
    }

    private OutputClaim take(String runId) {
        return OutputClaim.take(store(), "out", runId, BRIEFLY, SELDOM);
    }

    private LocalObjectStore store() {
        return new LocalObjectStore(output);
    }

    private void holder(String kernel, long pid, long started) throws IOException {
        Files.writeString(
                output.resolve("RUNNING"),
                "{\"run_id\":\"monday\",\"claim\":\"c\",\"host\":\"shop-1\",\"kernel\":\"" + kernel + "\",\"pid\":"
                        + pid + ",\"started\":" + started + ",\"beat\":0}");
    }

    @Test
    void goesOnShowingThatItLivesAfterTheStoreFailed() throws Exception {
        FailingStore failing = new FailingStore(store());
        try (OutputClaim claim = OutputClaim.take(failing, "out", "monday", Duration.ofDays(1), Duration.ofMillis(5))) {
            failing.failures.set(3);
            long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (failing.failures.get() > 0 || beat() < 2) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
            claim.requireHeld();
        }
        assertThat(output.resolve("RUNNING")).doesNotExist();
    }

    @Test
    void keepsTheClaimThatIsStillItsOwnWhenTheStoreRefusedOneWrite() throws IOException {
        FailingStore failing = new FailingStore(store());
        try (OutputClaim claim = OutputClaim.take(failing, "out", "monday", Duration.ofDays(1), SELDOM)) {
            failing.refusals.set(1);

            claim.requireHeld();
            claim.requireHeld();
        }
    }

    private int beat() throws IOException {
        return Integer.parseInt(Files.readString(output.resolve("RUNNING")).replaceAll(".*\"beat\":(\\d+).*", "$1"));
    }

    /** A store that fails, or refuses a write, as often as it is told to. */
    private static final class FailingStore extends ForwardingStore {
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();

        FailingStore(LocalObjectStore store) {
            super(store);
        }

        @Override
        public Optional<Version> read(String key) throws IOException {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new UserException("the store does not answer");
            }
            return super.read(key);
        }

        @Override
        public boolean compareAndSet(String key, String expectedTag, byte[] content) throws IOException {
            return refusals.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                    && super.compareAndSet(key, expectedTag, content);
        }
    }

    /** A store in which the holder writes a sign of life before each read. */
    private static final class BeatenStore extends ForwardingStore {
        BeatenStore(LocalObjectStore store) {
            super(store);
        }

        @Override
        public Optional<Version> read(String key) throws IOException {
            Optional<Version> found = super.read(key);
            String content = new String(found.orElseThrow().content(), StandardCharsets.UTF_8);
            String next = content.replaceAll("\"beat\":(\\d+)", "\"beat\":1$1");
            compareAndSet(key, found.get().tag(), next.getBytes(StandardCharsets.UTF_8));
            return found;
        }
    }
}
