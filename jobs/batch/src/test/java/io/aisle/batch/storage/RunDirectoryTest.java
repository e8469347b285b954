package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.storage.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
    @TempDir
    Path output;

    @Test
    void openingRunChangesNothing() {
        try (RunDirectory run = run("monday")) {
            assertThat(run.isPublished()).isFalse();
            assertThat(run.currentRunId()).isEmpty();
        }
        assertThat(output).isEmptyDirectory();
    }

    @Test
    void runIsPublishedOnceThePointerNamesItAndAsLongAsItIsKept() {
        publish("monday", OptionalInt.empty());
        publish("tuesday", OptionalInt.empty());
        assertThat(run("monday").isPublished()).isTrue();
        assertThat(run("tuesday").isPublished()).isTrue();
        assertThat(run("sunday").isPublished()).isFalse();
        assertThat(run("sunday").currentRunId()).contains("tuesday");

        assertThat(publish("wednesday", OptionalInt.of(2))).containsExactly("monday");

        assertThat(run("monday").isPublished()).isFalse();
        assertThat(output.resolve("runs/monday")).doesNotExist();
        assertThat(output.resolve("runs/tuesday/manifest.json")).exists();
    }

    @Test
    void staysPublishedAfterRollback() {
        publish("monday", OptionalInt.empty());
        publish("tuesday", OptionalInt.empty());

        Pointer.read(new LocalObjectStore(output)).moveTo("monday", "rollback", "");

        assertThat(run("tuesday").isPublished()).isTrue();
        assertThat(run("tuesday").currentRunId()).contains("monday");
    }

    @Test
    void runThatWroteItsManifestButLostTheSwapIsNotPublished() {
        publish("monday", OptionalInt.empty());
        RunDirectory lost = run("lost");
        publish("tuesday", OptionalInt.empty());

        lost.finish(Map.of());
        assertThatThrownBy(() -> lost.publish("", OptionalInt.empty())).isInstanceOf(RefusedException.class);

        assertThat(output.resolve("runs/lost/manifest.json")).exists();
        assertThat(run("lost").isPublished()).isFalse();
        assertThat(run("lost").currentRunId()).contains("tuesday");
    }

    @Test
    void removesNothingWhereTheRunWasPublishedSinceItWasOpened() {
        try (RunDirectory late = run("monday")) {
            publish("monday", OptionalInt.empty());

            assertThatThrownBy(late::start)
                    .isInstanceOf(RefusedException.class)
                    .hasMessage(
                            "Cannot start monday: found that another one was published since this one started,"
                                    + " expected none to be current still. Nothing was changed; run again to build on the newer one.");
        }
        assertThat(output.resolve("runs/monday/manifest.json")).exists();
        assertThat(output.resolve("RUNNING")).doesNotExist();
    }

    @Test
    void removesWhatAnUnfinishedTryLeftAndNothingElse() throws IOException {
        publish("monday", OptionalInt.empty());
        unfinished("tuesday");

        try (RunDirectory run = run("tuesday")) {
            assertThat(run.start()).isTrue();
        }

        assertThat(output.resolve("runs/tuesday")).doesNotExist();
        assertThat(output.resolve("runs/monday/manifest.json")).exists();
    }

    @Test
    void swapOfFinishedTryIsRefusedOnceTheRunStartedAgain() throws IOException {
        publish("monday", OptionalInt.empty());
        publish("tuesday", OptionalInt.empty());
        RunDirectory dead = run("wednesday");
        dead.finish(Map.of());

        try (RunDirectory again = run("wednesday")) {
            assertThat(again.start()).isTrue();

            assertThatThrownBy(() -> dead.publish("late", OptionalInt.empty())).isInstanceOf(RefusedException.class);
            assertThat(output.resolve("CURRENT"))
                    .content()
                    .contains("\"sequence\":3,\"run_id\":\"tuesday\",\"previous\":\"monday\",\"action\":\"fence\"")
                    .contains("\"kept\":[\"tuesday\",\"monday\"]");
            again.finish(Map.of());
            again.publish("nightly", OptionalInt.empty());
        }
        assertThat(run("wednesday").currentRunId()).contains("wednesday");
        assertThat(output.resolve("audit")).isDirectoryContaining("glob:**/000000000003.json");
    }

    @Test
    void leavesThePointerAloneWhereTheUnfinishedTryCannotHaveReachedIt() throws IOException {
        publish("monday", OptionalInt.empty());
        byte[] current = Files.readAllBytes(output.resolve("CURRENT"));
        unfinished("tuesday");

        try (RunDirectory run = run("tuesday")) {
            run.start();
        }

        assertThat(output.resolve("CURRENT")).hasBinaryContent(current);
    }

    @Test
    void removesUnpublishedRunsByTheirAge() throws IOException {
        publish("monday", OptionalInt.empty());
        Path old = unfinished("old");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(3))));
        Files.setLastModifiedTime(
                output.resolve("runs/monday/manifest.json"),
                FileTime.from(Instant.now().minus(Duration.ofHours(3))));
        unfinished("young");

        assertThat(run("tuesday").removeUnpublished(Duration.ofHours(2), Optional.empty()))
                .containsExactly("old");

        assertThat(output.resolve("runs"))
                .isDirectoryContaining("glob:**/monday")
                .isDirectoryContaining("glob:**/young");
        assertThat(output.resolve("runs/old")).doesNotExist();
    }

    @Test
    void sparesUnpublishedRunThatIsInUse() throws IOException {
        run("refused").finish(Map.of());
        WrittenRun inUse = run("x").written("refused");

        assertThat(run("tuesday").removeUnpublished(Duration.ofDays(-1), Optional.of(inUse)))
                .isEmpty();
        assertThat(run("tuesday").removeUnpublished(Duration.ofDays(-1), Optional.empty()))
                .containsExactly("refused");
    }

    @Test
    void finishesNothingOnceAnotherRunTookOver() throws IOException {
        try (RunDirectory run = run("monday")) {
            run.start();
            Files.writeString(output.resolve("RUNNING"), "{}");

            assertThatThrownBy(() -> run.finish(Map.of())).isInstanceOf(RefusedException.class);
        }
        assertThat(output.resolve("runs/monday")).doesNotExist();
    }

    @Test
    void refusesSecondRunWhileOneIsAtWork() {
        try (RunDirectory first = run("first");
                RunDirectory second = run("second")) {
            first.start();
            assertThatThrownBy(second::start)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith("Cannot start run second in file:" + output + ": found run first (process "
                            + ProcessHandle.current().pid() + " on ")
                    .hasMessageEndingWith(
                            "at work there, expected none. Wait until it has ended; if it hangs, end it.");
        }
        try (RunDirectory third = run("third")) {
            assertThat(third.start()).isFalse();
        }
    }

    @Test
    void opensFinishedRunsAndRefusesOthers() throws IOException {
        publish("monday", OptionalInt.empty());
        assertThat(run("x").written("monday").manifest().isObject()).isTrue();
        assertThatThrownBy(() -> run("x").written("sunday"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read the run file:" + output + "/runs/sunday: found no such directory, expected what"
                                + " classify wrote. Name a finished run.");
        unfinished("tuesday");
        assertThatThrownBy(() -> run("x").written("tuesday"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no manifest.json (it did not finish)");
        Files.writeString(output.resolve("runs/tuesday/manifest.json"), "{");
        assertThatThrownBy(() -> run("x").written("tuesday"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot read file:" + output + "/runs/tuesday/manifest.json: found what is no JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/b", ".hidden", "-x", "a b", "ü"})
    void refusesRunIdThatIsNoPlainName(String runId) {
        assertThatThrownBy(() -> run(runId))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot start a run: found the run id '" + runId
                        + "', expected at most 128 letters, digits, '.', '_' and '-', the first a letter or a digit."
                        + " Choose another --run-id.");
    }

    @Test
    void takesRunIdOf128CharactersAndNotOneMore() {
        assertThat(run("r".repeat(128)).runId()).hasSize(128);
        assertThatThrownBy(() -> run("r".repeat(129))).isInstanceOf(UserException.class);
    }

    private RunDirectory run(String runId) {
        return RunDirectory.of(TestSession.get(), output.toString(), runId, false);
    }

    private Path unfinished(String runId) throws IOException {
        Path predictions =
                Files.createDirectories(output.resolve("runs").resolve(runId).resolve("predictions"));
        return Files.writeString(predictions.resolve("part-0"), "half");
    }

    private List<String> publish(String runId, OptionalInt keep) {
        try (RunDirectory run = run(runId)) {
            run.start();
            run.finish(Map.of("run_id", runId));
            return run.publish("nightly", keep);
        }
    }
}
