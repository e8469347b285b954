package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTest {
    @TempDir
    Path temporary;

    @Test
    void plainPathIsLocal() {
        Directory directory = directory("some where");

        assertThat(directory.uri()).startsWith("file:/").endsWith("/some where");
        assertThat(directory.local()).isEqualTo(temporary.resolve("some where"));
        assertThat(directory.child("below")).isEqualTo(directory.uri() + "/below");
        assertThat(directory.directory("below").uri()).isEqualTo(directory.child("below"));
    }

    @Test
    void readsWhatItWroteAndWritesOverIt() {
        Directory directory = directory("new/below");
        assertThat(directory.exists()).isFalse();

        directory.write("note.txt", "first");
        directory.write("note.txt", "zweite Fassung: ü");

        assertThat(directory.exists()).isTrue();
        assertThat(directory.has("note.txt")).isTrue();
        assertThat(directory.has("other.txt")).isFalse();
        assertThat(directory.read("note.txt")).isEqualTo("zweite Fassung: ü");
    }

    @Test
    void refusesToReadWhatIsNotThere() {
        assertThatThrownBy(() -> directory("nowhere").read("note.txt"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read file:")
                .hasMessageContaining("nowhere/note.txt");
    }

    @Test
    void emptyDirectoryCountsAsAbsentAndNothingElseDoes() throws IOException {
        Files.createDirectories(temporary.resolve("empty"));
        directory("empty").requireAbsent("a thing");
        directory("nowhere").requireAbsent("a thing");

        Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> directory("file").requireAbsent("a thing"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write a thing to " + directory("file").uri()
                        + ": found something there already, expected nothing. Choose another --output, or remove it.");
        assertThatThrownBy(() -> directory("").requireAbsent("a thing")).isInstanceOf(UserException.class);
    }

    @Test
    void findsFilesByTheirEndingDirectlyInside() throws IOException {
        Files.createDirectories(temporary.resolve("data/below"));
        Files.writeString(temporary.resolve("data/below/a.parquet"), "");

        assertThat(directory("data").hasFileEndingIn(".parquet")).isFalse();
        assertThat(directory("nowhere").hasFileEndingIn(".parquet")).isFalse();

        Files.writeString(temporary.resolve("data/b.parquet"), "");
        assertThat(directory("data").hasFileEndingIn(".parquet")).isTrue();
    }

    @Test
    void copiesTreeToNewPlaceAndToEmptyDirectoryAlike() throws IOException {
        Path source = temporary.resolve("source");
        Files.createDirectories(source.resolve("below"));
        Files.writeString(source.resolve("a.txt"), "a");
        Files.writeString(source.resolve("last.txt"), "last");
        Files.writeString(source.resolve("below/b.txt"), "b");
        Files.createDirectories(temporary.resolve("empty"));

        directory("new/place").copyFrom(source, "last.txt");
        directory("empty").copyFrom(source, "last.txt");

        List<String> copied = List.of("a.txt", "below", "below/b.txt", "last.txt");
        assertThat(names(temporary.resolve("new/place"))).isEqualTo(copied);
        assertThat(names(temporary.resolve("empty"))).isEqualTo(copied);
        assertThat(temporary.resolve("empty/below/b.txt")).hasContent("b");
    }

    @Test
    void copiesTheFileThatVouchesForTheOthersLast() throws IOException {
        Path source = temporary.resolve("source");
        Files.createDirectories(source);
        Files.writeString(source.resolve("a-manifest"), "");
        Files.createSymbolicLink(source.resolve("z-broken"), temporary.resolve("nowhere"));

        assertThatThrownBy(() -> directory("copy").copyFrom(source, "a-manifest"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write " + directory("copy").uri() + ": ");
        assertThat(temporary.resolve("copy/a-manifest")).doesNotExist();
    }

    @Test
    void refusesPlaceBelowFile() throws IOException {
        Files.writeString(temporary.resolve("file"), "");

        assertThatThrownBy(() -> directory("file/below").createParent())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot write " + directory("file/below").uri() + ": ");
    }

    @Test
    void copiesWholeTreeToALocalDirectory() throws IOException {
        Files.createDirectories(temporary.resolve("tree/a b"));
        Files.writeString(temporary.resolve("tree/manifest.json"), "{}");
        Files.writeString(temporary.resolve("tree/a b/part-0"), "x");

        directory("tree").copyTo(temporary.resolve("copy"));

        assertThat(names(temporary.resolve("copy"))).containsExactly("a b", "a b/part-0", "manifest.json");
        assertThat(temporary.resolve("copy/a b/part-0")).hasContent("x");
        assertThatThrownBy(() -> directory("nowhere").copyTo(temporary.resolve("none")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot copy " + directory("nowhere").uri() + ": ");
    }

    @Test
    void deletesWholeTreeAndIsContentWithNone() throws IOException {
        Files.createDirectories(temporary.resolve("tree/below"));
        Files.writeString(temporary.resolve("tree/below/file"), "");

        directory("tree").delete();
        directory("tree").delete();

        assertThat(temporary.resolve("tree")).doesNotExist();
    }

    @Test
    void refusesUnknownSchemeAndNonLocalPlaceWhereLocalIsNeeded() {
        assertThatThrownBy(() -> Directory.of(TestSession.get(), "nosuch://place/x"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot reach nosuch://place/x: ")
                .hasMessageEndingWith("Check the scheme and the path.");
        Directory remote = Directory.of(TestSession.get(), "http://127.0.0.1/x");
        assertThat(remote.isLocal()).isFalse();
        assertThatThrownBy(remote::local)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot use http://127.0.0.1/x as a local path");
    }

    private Directory directory(String name) {
        return Directory.of(TestSession.get(), temporary + "/" + name);
    }

    /** Everything below, hidden files too. */
    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> !path.equals(root))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
