package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLocationTest {
    @TempDir
    Path models;

    @Test
    void directoryOfModelsStandsForItsChampion() throws IOException {
        Files.createDirectories(models.resolve("monday"));
        Files.writeString(models.resolve("CURRENT"), "{\"sequence\":1,\"run_id\":\"monday\",\"previous\":null}");

        assertThat(resolved(models)).isEqualTo("file:" + models.resolve("monday"));
    }

    @Test
    void bundleStandsForItselfWhateverElseLiesThere() throws IOException {
        Files.writeString(models.resolve("CURRENT"), "{\"sequence\":1,\"run_id\":\"monday\",\"previous\":null}");
        Files.writeString(models.resolve("manifest.json"), "{}");

        assertThat(resolved(models)).isEqualTo("file:" + models);
    }

    @Test
    void whatIsNeitherIsLeftToWhoOpensIt() {
        assertThat(resolved(models)).isEqualTo("file:" + models);
        assertThat(resolved(models.resolve("nowhere"))).isEqualTo("file:" + models.resolve("nowhere"));
    }

    @Test
    void refusesChampionThatIsNotThere() throws IOException {
        Files.writeString(models.resolve("CURRENT"), "{\"sequence\":1,\"run_id\":\"monday\",\"previous\":null}");

        assertThatThrownBy(() -> resolved(models))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use the champion of file:" + models + ": found no directory monday, which CURRENT"
                        + " names, expected its bundle. Copy the bundle back, or name another: aisle promote --models"
                        + " file:" + models + " --to NAME");
    }

    private static String resolved(Path uri) {
        return ModelLocation.resolve(TestSession.get(), uri.toString()).uri();
    }
}
