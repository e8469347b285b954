package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.storage.Current;
import io.aisle.core.storage.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointerTest {
    @TempDir
    Path directory;

    @Test
    void namesNothingAtFirstAndThenEachRunWithItsPrevious() throws IOException {
        assertThat(read().current()).isEmpty();

        publish("monday");
        publish("tuesday");

        Current now = read().current().orElseThrow();
        assertThat(now.sequence()).isEqualTo(2);
        assertThat(now.run_id()).isEqualTo("tuesday");
        assertThat(now.previous()).isEqualTo("monday");
        assertThat(now.action()).isEqualTo("publish");
        assertThat(now.reason()).isEqualTo("nightly");
        assertThat(now.kept()).containsExactly("tuesday", "monday");
        assertThat(Instant.parse(now.at())).isBeforeOrEqualTo(Instant.now());
        assertThat(Files.readString(directory.resolve("CURRENT")))
                .startsWith("{\"sequence\":2,\"run_id\":\"tuesday\",\"previous\":\"monday\",")
                .endsWith("}\n");
    }

    @Test
    void isPublishedAlsoWhereTheAuditLineCannotBeWritten() throws IOException {
        ForwardingStore withoutAudit = new ForwardingStore(new LocalObjectStore(directory)) {
            @Override
            public boolean putIfAbsent(String key, byte[] content) throws IOException {
                if (key.startsWith("audit/")) {
                    throw new UserException("the store does not answer");
                }
                return super.putIfAbsent(key, content);
            }
        };

        Pointer.read(withoutAudit).publish("monday", "publish", "nightly", OptionalInt.empty());

        assertThat(read().current().orElseThrow().run_id()).isEqualTo("monday");
        publish("tuesday");
        assertThat(directory.resolve("audit")).isDirectoryContaining("glob:**/000000000001.json");
    }

    @Test
    void readsThePointerOfTheFirstVersion() throws IOException {
        Files.writeString(
                directory.resolve("CURRENT"), "{\"sequence\":2,\"run_id\":\"tuesday\",\"previous\":\"monday\"}\n");

        assertThat(read().current().orElseThrow().kept()).containsExactly("tuesday", "monday");
    }

    @Test
    void rollsBackRunByRunAndForgetsWhatWasRolledBackFromLast() {
        publish("monday");
        publish("tuesday");
        publish("wednesday");

        assertThat(read().current().orElseThrow().beforeThis()).contains("tuesday");
        read().moveTo("tuesday", "rollback", "wrong prices");
        assertThat(read().current().orElseThrow().beforeThis()).contains("monday");

        publish("thursday");
        assertThat(read().current().orElseThrow().kept()).containsExactly("thursday", "tuesday", "monday", "wednesday");
        read().moveTo("monday", "rollback", "");
        read().moveTo("wednesday", "promote", "");
        assertThat(read().current().orElseThrow().sequence()).isEqualTo(7);
        assertThat(read().current().orElseThrow().beforeThis()).isEmpty();
    }

    @Test
    void keepsAsManyAsAsked() {
        publish("monday");
        publish("tuesday");
        read().publish("wednesday", "publish", "", OptionalInt.of(2));

        assertThat(read().current().orElseThrow().kept()).containsExactly("wednesday", "tuesday");
    }

    @Test
    void refusesToMoveToWhatIsNotKept() {
        assertThatThrownBy(() -> read().moveTo("monday", "rollback", ""))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot rollback to monday: found no such name among what is kept, expected something"
                        + " published. Publish first.");
        publish("monday");
        publish("tuesday");
        assertThatThrownBy(() -> read().moveTo("sunday", "rollback", ""))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot rollback to sunday: found no such name among what is kept, expected one of tuesday,"
                        + " monday.");
    }

    @Test
    void archivesEveryVersionAsAuditLine() throws IOException {
        publish("monday");
        publish("tuesday");
        Path second = directory.resolve("audit/000000000002.json");
        assertThat(directory.resolve("audit/000000000001.json")).isRegularFile();
        assertThat(second).hasSameTextualContentAs(directory.resolve("CURRENT"));

        // as if it had been killed between the swap and its audit line
        Files.delete(second);
        publish("wednesday");
        assertThat(Files.readString(second)).contains("\"run_id\":\"tuesday\"");
    }

    @Test
    void leavesAuditLineOfRefusal() throws IOException {
        read().refused("monday", "label shift 0.4");

        try (Stream<Path> lines = Files.list(directory.resolve("audit"))) {
            assertThat(lines.filter(path -> path.toString().endsWith(".json")))
                    .singleElement()
                    .satisfies(line -> assertThat(line).content().contains("label shift 0.4", "\"monday\""));
        }
        assertThat(read().current()).isEmpty();
    }

    @Test
    void refusesToPublishFirstRunWhereAnotherWasFaster() throws IOException {
        Pointer slow = read();
        publish("fast");
        String before = Files.readString(directory.resolve("CURRENT"));

        assertThatThrownBy(() -> slow.publish("slow", "publish", "", OptionalInt.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Cannot publish slow: found that another one was published since this one started, expected"
                        + " none to be current still. Nothing was changed; run again to build on the newer one.");
        assertThat(Files.readString(directory.resolve("CURRENT"))).isEqualTo(before);
    }

    @Test
    void refusesToPublishOverRunThatItHasNotSeen() throws IOException {
        publish("monday");
        Pointer slow = read();
        publish("fast");
        String before = Files.readString(directory.resolve("CURRENT"));

        assertThatThrownBy(() -> slow.publish("slow", "publish", "", OptionalInt.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("expected monday to be current still");
        assertThat(Files.readString(directory.resolve("CURRENT"))).isEqualTo(before);
    }

    @Test
    void refusesToPublishWherePointerWasRemoved() throws IOException {
        publish("monday");
        Pointer pointer = read();
        Files.delete(directory.resolve("CURRENT"));

        assertThatThrownBy(() -> pointer.publish("tuesday", "publish", "", OptionalInt.empty()))
                .isInstanceOf(RefusedException.class);
        assertThat(directory.resolve("CURRENT")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "monday", "{}", "{\"sequence\":1}", "{\"sequence\":0,\"run_id\":\"monday\"}", "null"})
    void refusesPointerThatNamesNoRun(String content) throws IOException {
        Files.writeString(directory.resolve("CURRENT"), content);

        assertThatThrownBy(() -> read().current())
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read CURRENT: found " + content
                                + ", expected JSON with sequence, run_id and previous. Restore it from the newest file in audit/.");
    }

    private Pointer read() {
        return Pointer.read(new LocalObjectStore(directory));
    }

    private void publish(String runId) {
        read().publish(runId, "publish", "nightly", OptionalInt.empty());
    }
}
