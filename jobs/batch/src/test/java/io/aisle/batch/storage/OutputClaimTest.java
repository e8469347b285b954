package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.RefusedException;
import io.aisle.core.storage.LocalObjectStore;
import io.aisle.core.storage.ObjectStore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputClaimTest {
    private static final Duration BRIEFLY = Duration.ofMillis(1);

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
        holder(hostName(), gone.pid(), 0);

        try (OutputClaim claim = OutputClaim.take(store(), "out", "tuesday", Duration.ofDays(1))) {
            claim.requireHeld();
        }
    }

    @Test
    void takesOverFromEarlierProcessOfTheSameNumber() throws IOException {
        holder(hostName(), ProcessHandle.current().pid(), 1);

        OutputClaim.take(store(), "out", "tuesday", Duration.ofDays(1)).close();
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

        assertThatThrownBy(() -> OutputClaim.take(new BeatenStore(beating), "out", "tuesday", Duration.ofDays(1)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Cannot start run tuesday in out: found run monday (process 1 on elsewhere) at work there,"
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
        return OutputClaim.take(store(), "out", runId, BRIEFLY);
    }

    private LocalObjectStore store() {
        return new LocalObjectStore(output);
    }

    private void holder(String host, long pid, long started) throws IOException {
        Files.writeString(
                output.resolve("RUNNING"),
                "{\"run_id\":\"monday\",\"claim\":\"c\",\"host\":\"" + host + "\",\"pid\":" + pid + ",\"started\":"
                        + started + ",\"beat\":0}");
    }

    private static String hostName() throws IOException {
        return InetAddress.getLocalHost().getHostName();
    }

    /** A store in which the holder writes a sign of life before each read. */
    private record BeatenStore(LocalObjectStore store) implements ObjectStore {
        @Override
        public Optional<Version> read(String key) throws IOException {
            Optional<Version> found = store.read(key);
            String content = new String(found.orElseThrow().content(), StandardCharsets.UTF_8);
            String next = content.replaceAll("\"beat\":(\\d+)", "\"beat\":1$1");
            store.compareAndSet(key, found.get().tag(), next.getBytes(StandardCharsets.UTF_8));
            return found;
        }

        @Override
        public boolean putIfAbsent(String key, byte[] content) throws IOException {
            return store.putIfAbsent(key, content);
        }

        @Override
        public boolean compareAndSet(String key, String expectedTag, byte[] content) throws IOException {
            return store.compareAndSet(key, expectedTag, content);
        }

        @Override
        public void delete(String key) throws IOException {
            store.delete(key);
        }

        @Override
        public List<String> list(String prefix) throws IOException {
            return store.list(prefix);
        }
    }
}
