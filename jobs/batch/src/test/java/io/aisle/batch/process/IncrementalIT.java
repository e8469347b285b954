package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.process.PublishedRows.Difference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A night in which 1% of the products changed, 1% are new and 1% are gone, as a process: what it publishes is what a full run publishes,
 * and it scores only what it has to.
 */
class IncrementalIT {
    private static final int ROWS = 4_000;
    private static final long SEED = 11;
    private static final Duration LIMIT = Duration.ofMinutes(40);
    private static final Path DIRECTORY = Fixtures.fresh("incremental");
    private static final String NIGHTS = DIRECTORY.resolve("nights").toString();
    private static final String FULL = DIRECTORY.resolve("full").toString();

    @BeforeAll
    static void runsTwoNights() throws IOException, InterruptedException {
        AisleRun.succeeding("generate", "--rows", "" + ROWS, "--seed", "" + SEED, "--output", day(1).toString());
        NextDay.write(day(1), day(2), SEED);
        classify(day(1), NIGHTS, "first");
        classify(day(2), FULL, "second");
        classify(day(2), NIGHTS, "second", "--previous", "CURRENT");
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

    private static void classify(Path catalog, String output, String runId, String... options)
            throws InterruptedException {
        Path model = TrainedBundle.get().directory();
        List<String> job = new ArrayList<>(List.of(Nights.classify(model, catalog, output, runId)));
        job.addAll(List.of(options));
        try (AisleProcess process = AisleProcess.start(job.toArray(String[]::new))) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
        }
    }

    private static JsonNode metrics(String output) throws IOException {
        return new ObjectMapper()
                .readTree(Path.of(output, "runs", "second", "metrics.json").toFile());
    }
}
