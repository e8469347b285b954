package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedFilesTest {
    @TempDir
    private Path folder;

    @Test
    void theLatestTakesThePlaceOfTheOneBefore() throws IOException {
        NumberedFiles files = files();
        assertThat(files.latest()).isEmpty();

        files.save(out -> out.write("first".getBytes(StandardCharsets.UTF_8)));
        files.save(out -> out.write("second".getBytes(StandardCharsets.UTF_8)));

        assertThat(latest(files)).isEqualTo("second");
        assertThat(names()).containsExactly("checkpoint-2");
    }

    @Test
    void aFailureWhileItIsWrittenLeavesTheOneBefore() throws IOException {
        NumberedFiles files = files();
        files.save(out -> out.write("first".getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> files.save(out -> {
                    out.write("sec".getBytes(StandardCharsets.UTF_8));
                    throw new IOException("no space");
                }))
                .hasMessage("no space");

        assertThat(latest(files)).isEqualTo("first");
        assertThat(names()).containsExactly("checkpoint-1");
    }

    @Test
    void whatAKilledWriterLeftIsNoVersion() throws IOException {
        NumberedFiles files = files();
        files.save(out -> out.write("first".getBytes(StandardCharsets.UTF_8)));
        Files.writeString(folder.resolve("kept/checkpoint-2.partial"), "sec");
        Files.writeString(folder.resolve("kept/result-7"), "another");

        assertThat(latest(files)).isEqualTo("first");
        files.save(out -> out.write("second".getBytes(StandardCharsets.UTF_8)));
        assertThat(latest(files)).isEqualTo("second");
    }

    private NumberedFiles files() {
        return NumberedFiles.of(
                TestSession.get(), folder.resolve("kept").toUri().toString(), "checkpoint");
    }

    private static String latest(NumberedFiles files) throws IOException {
        try (InputStream in = files.latest().orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
