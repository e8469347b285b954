package io.aisle.batch.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.UserException;
import io.aisle.core.storage.LocalObjectStore;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** {@code <output>/runs/<run-id>}: what one run writes. It is published when {@code <output>/CURRENT} names it, never before. */
public final class RunDirectory {
    private static final String MANIFEST = "manifest.json";
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Directory output;
    private final Directory run;
    private final String runId;
    private final Pointer pointer;

    private RunDirectory(Directory output, String runId, Pointer pointer) {
        this.output = output;
        this.run = output.directory("runs").directory(runId);
        this.runId = runId;
        this.pointer = pointer;
    }

    /** The place of a run, and the pointer as it is now. Changes nothing. */
    public static RunDirectory of(SparkSession spark, String output, String runId) {
        if (!runId.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
            throw new UserException("Cannot start a run: found the run id '" + runId
                    + "', expected at most 128 letters, digits, '.', '_' and '-', the first a letter or a digit."
                    + " Choose another --run-id.");
        }
        Directory directory = Directory.of(spark, output);
        return new RunDirectory(
                directory,
                runId,
                Pointer.read(
                        new LocalObjectStore(directory.local("Publishing to other file systems is not there yet."))));
    }

    public String runId() {
        return runId;
    }

    /** The run that is published now. */
    public Optional<String> currentRunId() {
        return pointer.current().map(Pointer.Current::run_id);
    }

    /** Whether this run was published, now or at any time before: it is in the chain of runs that {@code CURRENT} begins. */
    public boolean isPublished() {
        Optional<String> at = currentRunId();
        while (at.isPresent()) {
            if (at.get().equals(runId)) {
                return true;
            }
            at = previousOf(at.get());
        }
        return false;
    }

    private Optional<String> previousOf(String earlier) {
        Directory directory = output.directory("runs").directory(earlier);
        if (!directory.has(MANIFEST)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    MAPPER.readTree(directory.read(MANIFEST)).path("previous").textValue());
        } catch (JsonProcessingException e) {
            throw new UserException("Cannot read " + directory.child(MANIFEST) + ": " + e.getOriginalMessage(), e);
        }
    }

    /** Removes what an unfinished try of the same run left. */
    public boolean clean() {
        boolean isUnfinished = run.exists();
        run.delete();
        return isUnfinished;
    }

    public String child(String name) {
        return run.child(name);
    }

    public void write(String name, Object value) {
        try {
            run.write(name, MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the manifest, then makes this the published run. */
    public void publish(Object manifest) {
        write(MANIFEST, manifest);
        pointer.swap(runId);
    }

    public String uri() {
        return run.uri();
    }
}
