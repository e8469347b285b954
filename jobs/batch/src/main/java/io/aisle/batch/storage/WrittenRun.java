package io.aisle.batch.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.UserException;

/** A run that was written to its end, published or not: its directory and its manifest. */
public record WrittenRun(Directory directory, JsonNode manifest) {
    static final String MANIFEST = "manifest.json";

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

    /** Name of the run: that of its directory. */
    public String runId() {
        return directory.name();
    }
}
