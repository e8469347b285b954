package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Catalogs that are broken to a degree: the job ends well and counts each line that it could not use, by its reason. */
class MalformedCatalogIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int LINES = 1_000;

    /** What a line may look like, and the reason for which it is quarantined; empty where it can be used. {@code #} is its number. */
    private static final List<Map.Entry<String, String>> BROKEN = List.of(
            Map.entry("{\"asin\": \"p#\", \"title\": \"tea", "unparsable"),
            Map.entry("p#,tea,9.99", "unparsable"),
            Map.entry("[\"p#\", \"tea\"]", "unparsable"),
            Map.entry("\0\0\0\0 #", "unparsable"),
            Map.entry("{\"asin\": \"p#\", \"title\": \"tea \0 lamp\"}", "unparsable"),
            Map.entry("{\"title\": \"tea #\"}", "missing_id"),
            Map.entry("{\"asin\": \"p#\", \"title\": {\"text\": \"tea\"}}", "wrong_type"),
            Map.entry("{\"asin\": \"p#\", \"title\": \"\\u0000 \\ud800 --- \"}", "no_text"));

    private static final List<String> USABLE = List.of(
            "{\"asin\": \"p#\", \"title\": \"tea #\"}",
            "{\"asin\": \"p#\", \"title\": \"lamp \\u0000 of NUL #\"}",
            "{\"asin\": \"p#\", \"title\": \"drill \\ud83d and \\ude00 alone #\"}",
            "{\"asin\": \"p#\", \"title\": \"raw \uFFFF surrogate #\"}");

    /** What a lone surrogate looks like where somebody wrote it as if it were a character of UTF-8. */
    private static final byte[] RAW_SURROGATE = {(byte) 0xED, (byte) 0xA0, (byte) 0x80};

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 100})
    void countsWhatItCouldNotUse(int percent) throws IOException, InterruptedException {
        Path directory = Fixtures.fresh("malformed-" + percent);
        Map<String, Long> expected = new TreeMap<>();
        Path catalog = Files.write(directory.resolve("catalog.jsonl"), catalog(percent, expected));
        Path output = directory.resolve("output");

        try (AisleProcess process = AisleProcess.start(
                Map.of(), List.of(), Nights.classify(Nights.model(), catalog, output.toString(), "broken"))) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
        }

        long quarantined = expected.values().stream().mapToLong(Long::longValue).sum();
        PublishedRows published = PublishedRows.of(output.toString());
        JsonNode manifest = new ObjectMapper()
                .readTree(output.resolve("runs/broken/manifest.json").toFile());
        Map<String, Long> found = new TreeMap<>();
        manifest.path("quarantine")
                .fields()
                .forEachRemaining(
                        entry -> found.put(entry.getKey(), entry.getValue().longValue()));
        assertThat(found).isEqualTo(expected);
        assertThat(manifest.path("rows").path("rows_in").longValue()).isEqualTo(LINES);
        assertThat(manifest.path("rows").path("quarantined").longValue()).isEqualTo(quarantined);
        assertThat(published.rows()).hasSize(Math.toIntExact(LINES - quarantined));
        assertThat(quarantined).isEqualTo(LINES * percent / 100);
    }

    private static byte[] catalog(int percent, Map<String, Long> quarantined) {
        Random random = new Random(percent);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < LINES; i++) {
            boolean isBroken = i % 100 < percent;
            Map.Entry<String, String> broken = BROKEN.get(random.nextInt(BROKEN.size()));
            String line = isBroken ? broken.getKey() : USABLE.get(random.nextInt(USABLE.size()));
            if (isBroken) {
                quarantined.merge(broken.getValue(), 1L, Long::sum);
            }
            for (int character : (line.replace("#", "" + i) + "\n").codePoints().toArray()) {
                bytes.writeBytes(
                        character == 0xFFFF
                                ? RAW_SURROGATE
                                : Character.toString(character).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
