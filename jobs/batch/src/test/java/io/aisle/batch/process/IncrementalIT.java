package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.Machine;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.process.PublishedRows.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A night in which 1% of the products changed, 1% are new and 1% are gone, as a process: what it publishes is what a full run publishes,
 * and it scores only what it has to. {@code aisle.incremental.rows} sets the size, {@code aisle.incremental.model} a bundle of one's
 * own; what was measured goes to {@code target/incremental}.
 */
class IncrementalIT {
    private static final int ROWS = Integer.getInteger("aisle.incremental.rows", 4_000);
    private static final long SEED = 11;
    private static final Duration LIMIT = Duration.ofMinutes(40);
    private static final Path DIRECTORY = Fixtures.fresh("incremental");
    private static final Path TABLE = Path.of("target", "incremental");
    private static final String NIGHTS = DIRECTORY.resolve("nights").toString();
    private static final String FULL = DIRECTORY.resolve("full").toString();

    private static double fullSeconds;
    private static double incrementalSeconds;

    @BeforeAll
    static void runsTwoNights() throws IOException, InterruptedException {
        AisleRun.succeeding("generate", "--rows", "" + ROWS, "--seed", "" + SEED, "--output", day(1).toString());
        NextDay.write(day(1), day(2), SEED);
        classify(day(1), NIGHTS, "first");
        fullSeconds = classify(day(2), FULL, "second");
        incrementalSeconds = classify(day(2), NIGHTS, "second", "--previous", "CURRENT");
        writeTable();
    }

    @Test
    void publishesWhatFullRunPublishes() {
        assertThat(PublishedRows.of(NIGHTS).differenceTo(PublishedRows.of(FULL)))
                .isEqualTo(Difference.NONE);
        assertThat(PublishedRows.of(NIGHTS).rows()).hasSizeGreaterThan(ROWS * 9 / 10);
    }

    @Test
    void scoresNothingButWhatIsNewOrChanged() throws IOException {
        JsonNode metrics = metrics(NIGHTS);
        double percent = ROWS / 100.0;

        assertThat(metrics.get("products_new").doubleValue()).isBetween(0.5 * percent, 1.1 * percent);
        assertThat(metrics.get("products_changed").doubleValue()).isBetween(0.5 * percent, 1.5 * percent);
        assertThat(metrics.get("products_removed").doubleValue()).isBetween(0.5 * percent, 1.5 * percent);
        assertThat(metrics.get("scored").doubleValue())
                .isEqualTo(metrics.get("products_new").doubleValue()
                        + metrics.get("products_changed").doubleValue())
                .isLessThan(metrics(FULL).get("scored").doubleValue() / 20);
    }

    private static Path day(int number) {
        return DIRECTORY.resolve("day-" + number);
    }

    /** Classifies; gives the seconds of the whole process. */
    private static double classify(Path catalog, String output, String runId, String... options)
            throws InterruptedException {
        List<String> job = new ArrayList<>(List.of(Nights.classify(Path.of(model()), catalog, output, runId)));
        job.addAll(List.of(options));
        return run(job.toArray(String[]::new));
    }

    private static String model() {
        String given = System.getProperty("aisle.incremental.model", "");
        return given.isEmpty() ? TrainedBundle.get().directory().toString() : given;
    }

    private static double run(String... job) throws InterruptedException {
        long start = System.nanoTime();
        try (AisleProcess process =
                AisleProcess.start(Map.of(), ROWS < 100_000 ? List.of() : AisleProcess.AS_USERS_RUN, job)) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static JsonNode metrics(String output) throws IOException {
        return new ObjectMapper()
                .readTree(Path.of(output, "runs", "second", "metrics.json").toFile());
    }

    private static void writeTable() throws IOException {
        JsonNode full = metrics(FULL);
        JsonNode incremental = metrics(NIGHTS);
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("machine", Machine.inWords());
        table.put("rows", ROWS);
        table.put("seed", SEED);
        table.put("model", modelInWords());
        StringBuilder markdown =
                new StringBuilder("Machine: " + Machine.inWords() + ". " + ROWS + " generated rows, seed " + SEED
                        + "; model: " + modelInWords() + ".\n\n| | full | incremental | ratio |\n|---|---|---|---|\n");
        row(table, markdown, "seconds of the whole process", fullSeconds, incrementalSeconds);
        for (String metric : List.of(
                "seconds_read_and_clean", "seconds_compare", "seconds_score", "seconds", "cpu_seconds", "scored")) {
            row(
                    table,
                    markdown,
                    metric,
                    full.get(metric).doubleValue(),
                    incremental.get(metric).doubleValue());
        }
        Files.createDirectories(TABLE);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(TABLE.resolve("table.json").toFile(), table);
        Files.writeString(TABLE.resolve("table.md"), markdown);
    }

    private static String modelInWords() {
        return System.getProperty("aisle.incremental.model", "").isEmpty() ? "a small one of the tests" : "tiny";
    }

    private static void row(
            Map<String, Object> table, StringBuilder markdown, String name, double full, double incremental) {
        table.put(name, Map.of("full", full, "incremental", incremental, "ratio", incremental / full));
        markdown.append(String.format(
                Locale.ROOT, "| %s | %.1f | %.1f | %.3f |\n", name, full, incremental, incremental / full));
    }
}
