package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceProbeTest {
    @TempDir
    Path folder;

    private PlaceProbe at(String path) {
        return PlaceProbe.of(new Configuration(), folder.resolve(path).toString());
    }

    @Test
    void readsTheFirstFileOfADirectoryOrAPattern() throws IOException {
        Files.createDirectories(folder.resolve("in/empty"));
        Files.writeString(Files.createDirectories(folder.resolve("in/full")).resolve("a.csv"), "id");

        assertThat(at("in").read()).isEqualTo("readable; first file a.csv, 2 bytes");
        assertThat(at("in/*").read()).isEqualTo("readable; first file a.csv, 2 bytes");
        assertThatThrownBy(at("in/empty")::read)
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read file:" + folder
                        + "/in/empty: found no file below it, expected some. Correct the path.");
        assertThatThrownBy(at("in/*.gz")::read).hasMessageContaining("found nothing there, expected a file");
        assertThatThrownBy(at("nowhere")::read).hasMessageContaining("found nothing there, expected a file");
    }

    @Test
    void writesAndLeavesNothing() throws IOException {
        Path kept =
                Files.writeString(Files.createDirectories(folder.resolve("out")).resolve("kept"), "as it was");

        at("out").write();
        at("out/deep/down").write();
        at("new/deep/down").write();

        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left).containsExactlyInAnyOrder(folder, folder.resolve("out"), kept);
        }
        assertThat(kept).hasContent("as it was");
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(at("file/out")::write)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write file:" + folder + "/file/out: ");
        assertThat(folder.resolve("file")).isRegularFile();
    }

    @Test
    void saysThatAFileSystemIsMissing() {
        assertThatThrownBy(() -> PlaceProbe.of(new Configuration(), "ftps://host/x"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot reach ftps://host/x: found no usable file system (No FileSystem for scheme \"ftps\"), expected one"
                                + " for its scheme.");
    }

    @Test
    void reachesWhatIsNotThere() {
        at("nowhere").reach();
    }
}
