package io.aisle.batch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchEncoderTest {
    private static final String NAME = "shop/small-encoder";
    private static final List<String> FILES = List.of("config.json", "model.safetensors", "vocab.txt");
    private static final String KNOWN_VOCABULARY = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3";

    @TempDir
    private Path directory;

    private Path output;
    private Hub hub;

    @BeforeEach
    void opensTheHub() throws IOException {
        output = directory.resolve("encoder");
        hub = new Hub();
    }

    @AfterEach
    void closesTheHub() {
        hub.close();
    }

    @Test
    void downloadsTheFilesWhoseHashesAreGiven() throws IOException {
        Script.Outcome outcome = fetch(hashes());

        assertDone(outcome);
        assertThat(hub.requests)
                .containsExactly(
                        "/shop/small-encoder/resolve/main/config.json",
                        "/shop/small-encoder/resolve/main/model.safetensors",
                        "/shop/small-encoder/resolve/main/vocab.txt");
        Script.Outcome check = Script.execute(
                Map.of(), List.of("bash", "-c", "cd \"$1\" && sha256sum -c SHA256SUMS", "check", output.toString()));
        assertThat(check.out()).isEqualTo("config.json: OK\nmodel.safetensors: OK\nvocab.txt: OK\n");
    }

    @Test
    void downloadsNothingWhereAllIsThereAndRight() throws IOException {
        assertDone(fetch(hashes()));
        hub.requests.clear();

        Script.Outcome outcome = fetch(List.of());

        assertDone(outcome);
        assertThat(outcome.out()).contains(hub.hash("model.safetensors") + "  model.safetensors (there already)");
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void takesHashesFromAList() throws IOException {
        Path list = directory.resolve("hashes");
        Files.writeString(
                list,
                "# as sha256sum prints them\n" + hub.hash("config.json") + "  config.json\n" + hub.hash("vocab.txt")
                        + " *./vocab.txt\n" + hub.hash("model.safetensors").toUpperCase(Locale.ROOT) + "  " + NAME
                        + "/model.safetensors\n");

        assertDone(fetch(List.of("--checksums", list.toString())));
    }

    @Test
    void goesOnWhereAConnectionBroke() throws IOException {
        hub.cutAfter = 4000;

        assertDone(fetch(hashes()));

        assertThat(hub.rangesOf("model.safetensors")).containsExactly("", "bytes=4000-", "bytes=8000-");
    }

    @Test
    void goesOnInALaterCallWhereAnEarlierOneGaveUp() throws IOException {
        hub.cutAfter = 4000;
        hub.answersBeforeFailing = 2;
        Script.Outcome broken = fetch(hashes());
        assertThat(broken.exitCode()).isEqualTo(2);
        assertThat(broken.err())
                .contains("Cannot fetch model.safetensors: found that the download from ")
                .contains("HTTP 503")
                .contains("it goes on where it stopped.");
        assertThat(names()).containsExactly("SHA256SUMS", "config.json", "model.safetensors.partial");
        assertThat(output.resolve("model.safetensors.partial")).hasSize(4000);
        hub.cutAfter = Integer.MAX_VALUE;
        hub.answersBeforeFailing = Integer.MAX_VALUE;
        hub.requests.clear();
        hub.ranges.clear();

        assertDone(fetch(hashes()));

        assertThat(hub.rangesOf("model.safetensors")).containsExactly("bytes=4000-");
        assertThat(hub.requests).hasSize(2);
    }

    @Test
    void startsAnewWhereTheServerGivesNoRanges() throws IOException {
        Files.createDirectories(output);
        Files.write(output.resolve("model.safetensors.partial"), Arrays.copyOf(hub.content("model.safetensors"), 100));
        hub.hasRanges = false;

        assertDone(fetch(hashes()));

        assertThat(hub.rangesOf("model.safetensors")).containsExactly("bytes=100-", "");
    }

    @Test
    void startsAnewWhereMoreIsThereThanTheServerHas() throws IOException {
        Files.createDirectories(output);
        Files.write(output.resolve("model.safetensors.partial"), new byte[20_000]);

        assertDone(fetch(hashes()));

        assertThat(hub.rangesOf("model.safetensors")).containsExactly("bytes=20000-", "");
    }

    @Test
    void takesAWholePartialFileThatNobodyRenamed() throws IOException {
        Files.createDirectories(output);
        Files.write(output.resolve("model.safetensors.partial"), hub.content("model.safetensors"));

        assertDone(fetch(hashes()));

        assertThat(hub.rangesOf("model.safetensors")).isEmpty();
    }

    @Test
    void setsAsideAFileWithAnotherHash() throws IOException {
        String wrong = Sha256.hex("another".getBytes(UTF_8));
        List<String> words = hashes();
        words.set(words.indexOf("model.safetensors=" + hub.hash("model.safetensors")), "model.safetensors=" + wrong);

        Script.Outcome outcome = fetch(words);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("Cannot take model.safetensors: found SHA-256 " + hub.hash("model.safetensors")
                        + ", expected " + wrong + ". It is set aside as "
                        + output.resolve("model.safetensors.unverified") + ".")
                .contains("Cannot fetch " + NAME + ": found 1 of 3 files that could not be taken, expected none.");
        assertThat(names()).containsExactly("SHA256SUMS", "config.json", "model.safetensors.unverified", "vocab.txt");

        hub.requests.clear();
        assertDone(fetch(hashes()));
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void downloadsAnewWhatWasSetAsideWithAnotherHash() throws IOException {
        Files.createDirectories(output);
        Files.writeString(output.resolve("model.safetensors.unverified"), "of an older revision");

        assertDone(fetch(hashes()));

        assertThat(hub.rangesOf("model.safetensors")).containsExactly("");
    }

    @Test
    void takesNothingWhoseHashNothingTells() throws IOException {
        Script.Outcome outcome = fetch(List.of());

        assertThat(outcome.exitCode()).isEqualTo(2);
        for (String file : FILES) {
            assertThat(outcome.err())
                    .contains("Cannot take " + file + ": found SHA-256 " + hub.hash(file)
                            + " and nothing that tells whether it is right, expected a hash to compare it with.")
                    .contains("call again with --sha256 " + file + "=" + hub.hash(file) + ", or with --trust-first.");
        }
        assertThat(names())
                .containsExactly(
                        "SHA256SUMS", "config.json.unverified", "model.safetensors.unverified", "vocab.txt.unverified");
    }

    @Test
    void trustsTheFirstFilesWhereItIsTold() throws IOException {
        assertThat(fetch(List.of()).exitCode()).isEqualTo(2);
        hub.requests.clear();

        assertDone(fetch(List.of("--trust-first")));
        assertThat(hub.requests).isEmpty();
        assertThat(Files.readString(output.resolve("SHA256SUMS")))
                .isEqualTo("# " + NAME + " main\n" + hub.hash("config.json") + "  config.json\n"
                        + hub.hash("model.safetensors") + "  model.safetensors\n" + hub.hash("vocab.txt")
                        + "  vocab.txt\n");

        Files.writeString(output.resolve("vocab.txt"), "changed");
        Script.Outcome later = fetch(List.of("--trust-first"));
        assertThat(later.exitCode()).isEqualTo(2);
        assertThat(later.err())
                .contains("Cannot use " + output.resolve("vocab.txt") + ": found SHA-256 "
                        + Sha256.hex("changed".getBytes(UTF_8)) + ", expected " + hub.hash("vocab.txt")
                        + ". Remove it");
    }

    @Test
    void joinsNoHalvesThatOnlyAHashCouldTellApart() throws IOException {
        Files.createDirectories(output);
        Files.write(output.resolve("model.safetensors.partial"), new byte[100]);

        assertDone(fetch(List.of("--trust-first")));

        assertThat(hub.rangesOf("model.safetensors")).containsExactly("");
    }

    @Test
    void knowsTheVocabularyOfTheUncasedEncoders() {
        Script.Outcome outcome = fetch("distilbert-base-uncased", List.of("--trust-first"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("Cannot take vocab.txt: found SHA-256 " + hub.hash("vocab.txt") + ", expected "
                        + KNOWN_VOCABULARY);
    }

    @Test
    void saysWhichFileTheServerLacks() throws IOException {
        hub.contents.remove("model.safetensors");

        Script.Outcome outcome = fetch(List.of("--trust-first", "--revision", "refs/pr/1"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("Cannot fetch model.safetensors: found HTTP 404 at " + hub.uri()
                        + "/shop/small-encoder/resolve/refs%2Fpr%2F1/model.safetensors, expected the file.");
        assertThat(names()).containsExactly("SHA256SUMS", "config.json", "vocab.txt");
    }

    @Test
    void leavesNothingOfANameThatDoesNotExist() {
        hub.contents.clear();

        assertThat(fetch(List.of("--trust-first")).exitCode()).isEqualTo(2);

        assertThat(output).doesNotExist();
    }

    @Test
    void mixesNoTwoRevisions() throws IOException {
        assertDone(fetch(hashes()));

        Script.Outcome outcome = fetch(List.of("--revision", "v2"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("Cannot fetch " + NAME + " v2 to " + output + ": found " + NAME
                        + " main there, expected nothing or the same. Give another --output.\n");
    }

    @Test
    void refusesAListThatHoldsNoHash() throws IOException {
        Path list = Files.writeString(directory.resolve("hashes"), "d41d8cd98f00b204e9800998ecf8427e  config.json\n");

        Script.Outcome outcome = fetch(List.of("--checksums", list.toString()));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("Cannot read " + list
                        + ": found d41d8cd98f00b204e9800998ecf8427e for config.json, expected 64 digits");
        assertThat(output.resolve("config.json")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | found no name, expected one",
                "a b | found a and b, expected one name.",
                "../a | found ../a, expected NAME or OWNER/NAME",
                "a/b/c | found a/b/c, expected NAME or OWNER/NAME",
                "a --outptu b | found --outptu, expected one of the options",
                "a --output | Cannot read --output: found no value",
                "a --revision ../b | Cannot read --revision: found ../b",
                "a --mirror file:///etc | Cannot read --mirror: found file:///etc, expected https:// or http://.",
                "a --sha256 config.json=12 | Cannot read --sha256: found config.json=12, expected FILE=HEX"
            })
    void refusesABadCommandLine(String words, String message) {
        Script.Outcome outcome = Script.run("fetch-encoder", words.isEmpty() ? new String[0] : words.split(" ", -1));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("Cannot read ").contains(message);
    }

    @Test
    void printsItsUsage() {
        Script.Outcome outcome = Script.run("fetch-encoder", "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .startsWith("Usage: scripts/fetch-encoder NAME [options]\n")
                .endsWith("another hash.\n");
    }

    private void assertDone(Script.Outcome outcome) throws IOException {
        assertThat(outcome.err().lines()).noneMatch(line -> line.startsWith("Cannot"));
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).endsWith(NAME + " main is in " + output + "\n");
        assertThat(names()).containsExactly("SHA256SUMS", "config.json", "model.safetensors", "vocab.txt");
        for (String file : FILES) {
            assertThat(output.resolve(file)).hasBinaryContent(hub.content(file));
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> hashes() {
        List<String> words = new ArrayList<>();
        for (String file : FILES) {
            words.addAll(List.of("--sha256", file + "=" + hub.hash(file)));
        }
        return words;
    }

    private Script.Outcome fetch(List<String> words) {
        return fetch(NAME, words);
    }

    private Script.Outcome fetch(String name, List<String> words) {
        List<String> all = new ArrayList<>(List.of(name, "--output", output.toString(), "--mirror", hub.uri()));
        all.addAll(words);
        return Script.run(Map.of("no_proxy", "127.0.0.1", "NO_PROXY", "127.0.0.1"), "fetch-encoder", all);
    }
}
