package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
    @TempDir
    Path output;

    @Test
    void openingRunChangesNothing() {
        RunDirectory run = run("monday");

        assertThat(run.isPublished()).isFalse();
        assertThat(run.currentRunId()).isEmpty();
        assertThat(run.clean()).isFalse();
        assertThat(output).isEmptyDirectory();
    }

    @Test
    void runIsPublishedOnceThePointerNamesItAndEverAfter() {
        publish("monday");
        publish("tuesday");
        publish("wednesday");

        assertThat(run("wednesday").isPublished()).isTrue();
        assertThat(run("tuesday").isPublished()).isTrue();
        assertThat(run("monday").isPublished()).isTrue();
        assertThat(run("sunday").isPublished()).isFalse();
        assertThat(run("sunday").currentRunId()).contains("wednesday");
    }

    @Test
    void runThatWroteItsManifestButLostTheSwapIsNotPublished() {
        publish("monday");
        RunDirectory lost = run("lost");
        publish("tuesday");

        assertThatThrownBy(() -> lost.publish(manifest(lost))).isInstanceOf(RefusedException.class);

        assertThat(output.resolve("runs/lost/manifest.json")).exists();
        assertThat(run("lost").isPublished()).isFalse();
        assertThat(run("lost").currentRunId()).contains("tuesday");
    }

    @Test
    void chainEndsWhereAnOldRunWasRemoved() {
        publish("monday");
        publish("tuesday");
        Directory.of(TestSession.get(), output.toString())
                .directory("runs")
                .directory("tuesday")
                .delete();

        assertThat(run("tuesday").isPublished()).isTrue();
        assertThat(run("monday").isPublished()).isFalse();
    }

    @Test
    void removesWhatAnUnfinishedTryLeftAndNothingElse() throws IOException {
        publish("monday");
        Files.createDirectories(output.resolve("runs/tuesday/predictions"));
        Files.writeString(output.resolve("runs/tuesday/predictions/part-0"), "half");

        assertThat(run("tuesday").clean()).isTrue();

        assertThat(output.resolve("runs/tuesday")).doesNotExist();
        assertThat(output.resolve("runs/monday/manifest.json")).exists();
    }

    @Test
    void refusesToFollowBrokenManifest() throws IOException {
        publish("monday");
        publish("tuesday");
        Files.writeString(output.resolve("runs/tuesday/manifest.json"), "{");
        RunDirectory run = run("monday");

        assertThatThrownBy(run::isPublished)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read ")
                .hasMessageContaining("runs/tuesday/manifest.json: ");
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
        return RunDirectory.of(TestSession.get(), output.toString(), runId);
    }

    private void publish(String runId) {
        RunDirectory run = run(runId);
        run.publish(manifest(run));
    }

    private static Map<String, Object> manifest(RunDirectory run) {
        Map<String, Object> manifest = new HashMap<>();
        manifest.put("run_id", run.runId());
        manifest.put("previous", run.currentRunId().orElse(null));
        return manifest;
    }
}
