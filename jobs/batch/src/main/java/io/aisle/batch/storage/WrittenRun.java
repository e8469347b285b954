package io.aisle.batch.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.UserException;
import java.time.Instant;
import org.apache.spark.sql.SparkSession;

/** A run that was written to its end, published or not: its directory and its manifest. */
public record WrittenRun(Directory directory, JsonNode manifest) {
    static final String MANIFEST = "manifest.json";
    private static final String PREDICTIONS = "predictions";

    /** Opens a run by its directory; refuses one without a whole manifest. */
    public static WrittenRun open(Directory directory) {
        if (!directory.has(MANIFEST)) {
            throw new UserException("Cannot read the run " + directory.uri() + ": found "
                    + (directory.exists() ? "no " + MANIFEST + " (it did not finish)" : "no such directory")
                    + ", expected what classify wrote. Name a finished run.");
        }
        try {
            return new WrittenRun(
                    directory,
                    new JsonMapper().readTree(directory.read(MANIFEST)).require());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new UserException(
                    "Cannot read " + directory.child(MANIFEST) + ": found what is no JSON (" + e.getMessage()
                            + "), expected the manifest of a run. Name another run.",
                    e);
        }
    }

    /** How many predictions it holds, as its manifest counts them. */
    public long predictions() {
        JsonNode rows = manifest.path("rows");
        return rows.path("scored").asLong() + rows.path("carried").asLong();
    }

    /** Refuses a run that lost or gained predictions since it was written. A look at the footers of its files, by one small Spark job. */
    public void requireWhole(SparkSession spark) {
        long found = 0;
        if (directory.has(PREDICTIONS)) {
            try {
                found = spark.read()
                        .schema("id STRING")
                        .parquet(directory.child(PREDICTIONS))
                        .count();
            } catch (Exception e) {
                // Spark throws checked exceptions from methods that do not declare them
                throw damaged("predictions that cannot be read (" + e.getMessage() + ")", e);
            }
        }
        if (found != predictions()) {
            throw damaged(found + " predictions", null);
        }
    }

    private UserException damaged(String found, Exception cause) {
        return new UserException(
                "Cannot use the run " + directory.uri() + ": found " + found + ", expected the " + predictions()
                        + " of its manifest. Restore its files, or name another run.",
                cause);
    }

    /** When it was finished, as its manifest's file tells. */
    public Instant writtenAt() {
        return directory.directory(MANIFEST).lastWritten();
    }

    /** Name of the run: that of its directory. */
    public String runId() {
        return directory.name();
    }
}
