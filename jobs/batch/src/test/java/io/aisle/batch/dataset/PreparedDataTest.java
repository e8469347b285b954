package io.aisle.batch.dataset;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.core.UserException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedDataTest {
    @TempDir
    Path folder;

    @Test
    void refusesWhatPrepareDidNotFinishOrNeverBegan() {
        Path absent = folder.resolve("absent");

        assertThatThrownBy(() -> PreparedData.open(TestSession.get(), absent.toString()))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read prepared data from " + absent + ": found no manifest.json (no such directory),"
                        + " expected what prepare writes. Run prepare, and give its --output.");
        assertThatThrownBy(() -> PreparedData.open(TestSession.get(), folder.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no manifest.json (prepare did not finish)");
    }
}
