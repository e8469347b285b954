package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.storage.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

        read().swap("monday");
        assertThat(Files.readString(directory.resolve("CURRENT")))
                .isEqualTo("{\"sequence\":1,\"run_id\":\"monday\",\"previous\":null}\n");

        read().swap("tuesday");
        assertThat(Files.readString(directory.resolve("CURRENT")))
                .isEqualTo("{\"sequence\":2,\"run_id\":\"tuesday\",\"previous\":\"monday\"}\n");
        assertThat(read().current()).contains(new Pointer.Current(2, "tuesday", "monday"));
    }

    @Test
    void refusesToPublishFirstRunWhereAnotherWasFaster() throws IOException {
        Pointer slow = read();
        read().swap("fast");
        String before = Files.readString(directory.resolve("CURRENT"));

        assertThatThrownBy(() -> slow.swap("slow"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Cannot publish run slow: found that another run published since this one started, expected"
                        + " none to be current still. Nothing was changed; run again to build on the newer run.");
        assertThat(Files.readString(directory.resolve("CURRENT"))).isEqualTo(before);
    }

    @Test
    void refusesToPublishOverRunThatItHasNotSeen() throws IOException {
        read().swap("monday");
        Pointer slow = read();
        read().swap("fast");
        String before = Files.readString(directory.resolve("CURRENT"));

        assertThatThrownBy(() -> slow.swap("slow"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("expected monday to be current still");
        assertThat(Files.readString(directory.resolve("CURRENT"))).isEqualTo(before);
    }

    @Test
    void refusesToPublishWherePointerWasRemoved() throws IOException {
        read().swap("monday");
        Pointer pointer = read();
        Files.delete(directory.resolve("CURRENT"));

        assertThatThrownBy(() -> pointer.swap("tuesday")).isInstanceOf(RefusedException.class);
        assertThat(directory.resolve("CURRENT")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "monday", "{}", "{\"sequence\":1}", "{\"sequence\":0,\"run_id\":\"monday\"}", "null"})
    void refusesPointerThatNamesNoRun(String content) throws IOException {
        Files.writeString(directory.resolve("CURRENT"), content);

        assertThatThrownBy(() -> read().current())
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read CURRENT: found " + content
                        + ", expected JSON with sequence, run_id and previous. Restore it from the newest whole run.");
    }

    private Pointer read() {
        return Pointer.read(new LocalObjectStore(directory));
    }
}
