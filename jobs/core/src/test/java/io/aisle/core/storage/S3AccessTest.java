package io.aisle.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class S3AccessTest {
    @Test
    void showsNoKey() {
        S3Access access = new S3Access(
                Optional.of(URI.create("https://here")),
                Optional.of("eu-central-1"),
                true,
                new S3Access.Keys("AKIASHOWN", "hush", Optional.of("session")),
                new S3Access.KmsKey(Optional.of("a key's name")));

        assertThat(access.toString())
                .contains("https://here", "eu-central-1", "Keys[hidden]", "a key's name")
                .doesNotContain("AKIASHOWN", "hush", "session");
    }
}
