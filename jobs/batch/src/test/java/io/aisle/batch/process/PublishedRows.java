package io.aisle.batch.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.TestSession;
import io.aisle.batch.storage.Directory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * What a reader of an output sees: the run that CURRENT names, and its predictions.
 *
 * @param rows (id, category, decision, confidence) of each prediction
 */
record PublishedRows(String runId, List<Row> rows) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final float TOLERANCE = 1e-6f;

    /**
     * How the rows differ from those of a run that nothing disturbed.
     *
     * @param lost ids that are not there
     * @param duplicated predictions beyond one an id
     * @param changed ids whose prediction is another, and ids that should not be there
     */
    record Difference(long lost, long duplicated, long changed) {
        static final Difference NONE = new Difference(0, 0, 0);
    }

    /** Name of the published run. */
    static String current(String output) {
        return json(Directory.of(TestSession.get(), output).read("CURRENT"))
                .path("run_id")
                .textValue();
    }

    /** Reads the published run; fails where it is not whole, or where a prediction says that it is of another run. */
    static PublishedRows of(String output) {
        String runId = current(output);
        Directory run =
                Directory.of(TestSession.get(), output).directory("runs").directory(runId);
        List<Row> rows = TestSession.get()
                .read()
                .parquet(run.child("predictions"))
                .select("id", "category", "decision", "confidence", "run_id")
                .collectAsList();
        JsonNode counts = json(run.read("manifest.json")).path("rows");
        long written = rows.size() + count(run, "quarantine") + count(run, "duplicates");
        long predicted =
                counts.path("scored").longValue() + counts.path("carried").longValue();
        if (written != counts.path("rows_in").longValue() || predicted != rows.size()) {
            throw new AssertionError("the run " + run.uri() + " is not whole: found " + rows.size()
                    + " predictions, and " + written + " rows in all, expected " + counts);
        }
        for (Row row : rows) {
            if (!row.getString(4).equals(runId)) {
                throw new AssertionError("the run " + run.uri() + " holds " + row);
            }
        }
        return new PublishedRows(runId, rows);
    }

    private static long count(Directory run, String name) {
        return TestSession.get().read().parquet(run.child(name)).count();
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    Difference differenceTo(PublishedRows clean) {
        Map<String, Row> expected = new HashMap<>();
        clean.rows.forEach(row -> expected.put(row.getString(0), row));
        Map<String, Row> found = new HashMap<>();
        long duplicated = 0;
        long changed = 0;
        for (Row row : rows) {
            if (found.put(row.getString(0), row) != null) {
                duplicated++;
            }
            Row other = expected.get(row.getString(0));
            if (other == null || !isSame(row, other)) {
                changed++;
            }
        }
        expected.keySet().removeAll(found.keySet());
        return new Difference(expected.size(), duplicated, changed);
    }

    private static boolean isSame(Row one, Row other) {
        return one.getString(1).equals(other.getString(1))
                && one.getString(2).equals(other.getString(2))
                && Math.abs(one.getFloat(3) - other.getFloat(3)) <= TOLERANCE;
    }
}
