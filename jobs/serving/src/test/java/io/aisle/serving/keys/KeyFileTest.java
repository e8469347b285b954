package io.aisle.serving.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.settings.CommandLine;
import io.aisle.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2030-01-01T10:00:00.5Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private ApiKeyCommand command(String... options) {
        List<String> all = new ArrayList<>(List.of("--keys", folder.resolve("keys.json").toString()));
        all.addAll(List.of(options));
        Settings settings = CommandLine.parse("aisle api-key", ApiKeyCommand.OPTIONS, all).settings();
        ApiKeyCommand command = ApiKeyCommand.read(settings);
        settings.check();
        return command;
    }

    @Test
    void keepsOfAKeyItsHashAndWhatItMay() throws IOException {
        String key = command("--name", "shop", "--scopes", "feedback,classify", "--requests-per-minute", "7", "--days", "3")
                .run(CLOCK);

        assertThat(key).matches("aisle_[A-Za-z0-9_-]{43}");
        Path file = folder.resolve("keys.json");
        assertThat(KeyFile.read(file)).singleElement().satisfies(kept -> {
            assertThat(kept.name()).isEqualTo("shop");
            assertThat(kept.scopes()).containsExactlyInAnyOrder(Scope.CLASSIFY, Scope.FEEDBACK);
            assertThat(kept.requests_per_minute()).isEqualTo(7);
            assertThat(kept.expires_at()).isEqualTo("2030-01-04T10:00:00Z");
            assertThat(kept.isOf(ApiKey.hash(key))).isTrue();
            assertThat(kept.isOf(ApiKey.hash(key + "x"))).isFalse();
        });
        assertThat(Files.readString(file)).doesNotContain(key, key.substring(6));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void addsToTheKeysBeforeAndLeavesNothingBeside() throws IOException {
        String first = command("--name", "one").run(CLOCK);
        Files.setPosixFilePermissions(folder.resolve("keys.json"), PosixFilePermissions.fromString("rw-r--r--"));
        String second = command("--name", "two").run(CLOCK);

        assertThat(first).isNotEqualTo(second);
        assertThat(KeyFile.read(folder.resolve("keys.json")))
                .extracting(ApiKey::name)
                .containsExactly("one", "two");
        assertThat(Files.getPosixFilePermissions(folder.resolve("keys.json"))).hasSize(2);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void refusesANameThatIsTaken() {
        command("--name", "one").run(CLOCK);

        assertThatThrownBy(() -> command("--name", "one").run(CLOCK))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found a key of the name one, expected a new name");
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThatThrownBy(() -> command("--name", "x", "--scopes", "classify,admin", "--days", "0"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("api-key.scopes: found admin, expected one of classify, feedback")
                .hasMessageContaining("api-key.days: found 0");
        assertThatThrownBy(() -> command("--name", "x", "--set", "api-key.scopes=[]"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("api-key.scopes: found none, expected classify, feedback, or both");
        for (String name : List.of(" ", "x".repeat(101), "a\nb")) {
            assertThatThrownBy(() -> command("--name", name))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("api-key.name: found")
                    .hasMessageContaining("expected 1 to 100 printable characters");
        }
    }

    @Test
    void refusesAPlaceThatCannotBeWritten() {
        assertThatThrownBy(() -> new ApiKeyCommand(folder.resolve("no/keys"), "x", Set.of(Scope.CLASSIFY), 1, 1).run(CLOCK))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found that it cannot be written")
                .hasMessageNotContaining("java.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | no list of keys",
                "{ | what is no JSON",
                "{\"keys\":[]} {} | what is no JSON",
                "[] | no list of keys",
                "{\"keys\":[5]} | found the name null",
                "{\"keys\":[{\"name\":\"a\"}]} | found no sha256 of a",
                "{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\",\"scopes\":[\"root\"]}]} | found the scope root, expected classify or feedback",
                "{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\",\"scopes\":[\"classify\"],\"expires_at\":\"soon\"}]} | found the expires_at soon, expected a time",
                "{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\",\"scopes\":[\"classify\"],\"expires_at\":\"2030-01-01T00:00:00Z\"}]} | found 0 requests_per_minute of a",
                "{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\",\"scopes\":[],\"expires_at\":\"2030-01-01T00:00:00Z\"}]} | found no scopes of a",
                "{\"keys\":[KEY,KEY]} | found the name a twice",
            })
    void saysWhatIsWrongWithAFile(String content, String reason) throws IOException {
        String key = "{\"name\":\"a\",\"sha256\":\"HASH\",\"scopes\":[\"classify\"],\"requests_per_minute\":1,"
                + "\"expires_at\":\"2030-01-01T00:00:00Z\"}";
        Path file = Files.writeString(
                folder.resolve("keys.json"), content.replace("KEY", key).replace("HASH", "0".repeat(64)));

        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the API keys in " + file + ": ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("io.aisle");
    }
}
