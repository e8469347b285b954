package io.aisle.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredDirectoryTest {
    @TempDir
    private Path folder;

    private static StoredDirectory of(String uri) {
        return StoredDirectory.of(uri, S3Access.standard());
    }

    @Test
    void isLocalByPathAndByUri() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("a b/c")).resolve("file"), "text");

        assertThat(of(folder + "/a b/c/").store().list("")).containsExactly("file");
        assertThat(of(folder.resolve("a b/c").toUri().toString()).store().list(""))
                .containsExactly("file");
        assertThat(of(folder + "/a b").child("c").store().list("")).containsExactly("file");
    }

    @Test
    void isOnS3ByItsThreeSchemes() {
        assertThat(of("s3a://bucket/models/").store()).isInstanceOf(S3ObjectStore.class);
        assertThat(of("s3://bucket").store()).isInstanceOf(S3ObjectStore.class);
        assertThat(of("s3n://bucket/models").name()).isEqualTo("models");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdfs://nodes/models", "gs://bucket/models"})
    void refusesOtherFileSystemsWithARemedy(String uri) {
        assertThatThrownBy(() -> of(uri))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use " + uri + ": found the scheme " + uri.substring(0, uri.indexOf(':'))
                        + ", expected a local path or s3a://bucket/path. Copy it to one of these.");
    }

    @Test
    void copiesWhatLiesBelowIt() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("from/x/y")).resolve("file"), "text");
        Files.writeString(folder.resolve("from/other"), "other");

        assertThat(of(folder + "/from").copyTo("x/", folder.resolve("to"))).containsExactly("x/y/file");
        assertThat(folder.resolve("to/x/y/file")).hasContent("text");
        assertThat(folder.resolve("to/other")).doesNotExist();
    }

    @Test
    void saysWhetherThereIsAnObjectToCopy() throws IOException {
        assertThat(of(folder.toString()).store().copy("absent", folder.resolve("copy")))
                .isFalse();
        assertThat(folder.resolve("copy")).doesNotExist();
    }
}
