package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.Machine;
import io.aisle.batch.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * explore as a process of its own, of many rows in a heap of 4 GB, and the time of one plain pass over the same files: every field that it reads is parsed,
 * and nothing is done with it. {@code aisle.explore.rows} sets the size; what was measured goes to {@code target/explore}.
 */
class ExploreScaleIT {
    private static final int ROWS = Integer.getInteger("aisle.explore.rows", 10_000);
    private static final Duration LIMIT = Duration.ofMinutes(40);
    private static final Path DIRECTORY = Fixtures.fresh("explore");
    private static final Path TABLE = Path.of("target", "explore");

    @Test
    void aReportStaysSmallAndItsRowsAddUp() throws IOException, InterruptedException {
        Path catalog = DIRECTORY.resolve("catalog");
        AisleRun.succeeding(
                "generate", "--rows=" + ROWS, "--classes=" + Math.min(4_000, ROWS / 20), "--output=" + catalog);
        double plain = plainSeconds(catalog);
        Path output = DIRECTORY.resolve("report");

        long start = System.nanoTime();
        try (AisleProcess process = AisleProcess.start(
                Map.of(),
                ROWS < 100_000 ? List.of() : AisleProcess.AS_USERS_RUN,
                "explore",
                "--input=" + catalog,
                "--output=" + output)) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
        }
        double seconds = (System.nanoTime() - start) / 1e9;

        JsonNode rows = new ObjectMapper()
                .readTree(output.resolve("explore.json").toFile())
                .path("rows");
        assertThat(rows.path("records").asLong()).isEqualTo(ROWS);
        assertThat(rows.path("quarantined").asLong()
                        + rows.path("repeated_ids").asLong()
                        + rows.path("products").asLong())
                .isEqualTo(ROWS);
        assertThat(Files.size(output.resolve("explore.html"))).isLessThan(2_000_000);
        write(plain, seconds, Files.size(output.resolve("explore.html")));
    }

    private static double plainSeconds(Path catalog) {
        DataType texts = DataTypes.createArrayType(DataTypes.StringType);
        StructType schema = new StructType()
                .add("asin", DataTypes.StringType)
                .add("title", DataTypes.StringType)
                .add("brand", DataTypes.StringType)
                .add("description", texts)
                .add("feature", texts)
                .add("category", texts);
        long start = System.nanoTime();
        TestSession.get()
                .read()
                .schema(schema)
                .json(catalog.toString())
                .write()
                .format("noop")
                .mode("overwrite")
                .save();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void write(double plain, double seconds, long bytes) throws IOException {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("machine", Machine.inWords());
        table.put("rows", ROWS);
        table.put("plain_pass_seconds", plain);
        table.put("explore_process_seconds", seconds);
        table.put("ratio", seconds / plain);
        table.put("html_bytes", bytes);
        Files.createDirectories(TABLE);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(TABLE.resolve("table.json").toFile(), table);
        Files.writeString(
                TABLE.resolve("table.md"),
                String.format(Locale.ROOT, """
                        Machine: %s. %,d generated rows, seed 7; heap of 4 GB.

                        | | seconds |
                        |---|---|
                        | one plain pass: the fields parsed, nothing done with them | %.1f |
                        | explore, the whole process | %.1f |
                        | ratio | %.1f |

                        The page has %,d bytes.
                        """, Machine.inWords(), ROWS, plain, seconds, seconds / plain, bytes));
    }
}
