package io.aisle.batch.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.UserException;
import io.aisle.core.storage.Current;
import io.aisle.core.storage.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code <output>/runs/<run-id>}: what one run writes. It is published when {@code <output>/CURRENT} names it, never before. While a run
 * is at work it holds the output; closing gives it free.
 */
public final class RunDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Directory output;
    private final Directory run;
    private final String runId;
    private final ObjectStore store;
    private Pointer pointer;
    private Optional<OutputClaim> claim = Optional.empty();

    private RunDirectory(Directory output, String runId, ObjectStore store) {
        this.output = output;
        this.run = output.directory("runs").directory(runId);
        this.runId = runId;
        this.store = store;
        this.pointer = Pointer.read(store);
    }

    /**
     * The place of a run, and the pointer as it is now.
     *
     * @param isSingleWriter see {@link ObjectStores#of}
     */
    public static RunDirectory of(SparkSession spark, String output, String runId, boolean isSingleWriter) {
        if (!runId.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
            throw new UserException("Cannot start a run: found the run id '" + runId
                    + "', expected at most 128 letters, digits, '.', '_' and '-', the first a letter or a digit."
                    + " Choose another --run-id.");
        }
        Directory directory = Directory.of(spark, output);
        return new RunDirectory(directory, runId, ObjectStores.of(spark, directory, isSingleWriter));
    }

    public String runId() {
        return runId;
    }

    /** The run that is published now. */
    public Optional<String> currentRunId() {
        return pointer.current().map(Current::run_id);
    }

    /** Whether this run was published, now or before, and is kept. */
    public boolean isPublished() {
        return pointer.current().map(now -> now.kept().contains(runId)).orElse(false);
    }

    /**
     * Holds the output for this run, and removes what an unfinished try of it left. Refuses settings by which Spark could not write
     * there as a whole.
     *
     * @return whether there was something to remove
     * @throws io.aisle.core.RefusedException if another run is at work, or published since this one was opened
     */
    public boolean start() {
        run.requireWholeCommit();
        claim = Optional.of(OutputClaim.take(store, output.uri(), runId));
        // who held the output until now may have published this very run, which must not be removed then
        pointer.requireCurrent("start", runId);
        boolean isUnfinished = run.exists();
        if (isUnfinished && run.has(WrittenRun.MANIFEST)) {
            // its swap may still be on its way, and would publish what is about to be written over
            pointer =
                    pointer.fence("run " + runId + " starts again after a try that may have been about to publish it");
        }
        remove(run);
        return isUnfinished;
    }

    /** What vouches for the others goes first, so that what is left of a removal that broke off is no whole run. */
    private static void remove(Directory run) {
        run.directory(WrittenRun.MANIFEST).delete();
        run.delete();
    }

    /**
     * Removes runs that were never published, or are no longer kept, and have not been written to for that long.
     *
     * @param inUse a run that is spared, wherever it lies
     * @return their ids
     */
    public List<String> removeUnpublished(Duration age, Optional<WrittenRun> inUse) {
        Set<String> spared = new HashSet<>(List.of(runId));
        pointer.current().ifPresent(now -> spared.addAll(now.kept()));
        List<String> removed = new ArrayList<>();
        for (Directory other : output.directory("runs").directories()) {
            boolean isInUse = inUse.filter(used -> used.directory().uri().equals(other.uri()))
                    .isPresent();
            if (!isInUse
                    && !spared.contains(other.name())
                    && other.lastWritten().isBefore(Instant.now().minus(age))) {
                remove(other);
                removed.add(other.name());
            }
        }
        return removed;
    }

    /** The run that is published now, which has to be whole. */
    public Optional<WrittenRun> published(SparkSession spark) {
        return currentRunId().map(id -> {
            try {
                WrittenRun written = written(id);
                written.requireWhole(spark);
                return written;
            } catch (UserException e) {
                throw new UserException(
                        "Cannot start run " + runId + ": found the published run " + id
                                + " damaged, expected it whole, to compare with. Restore it, or go back to an earlier one: aisle rollback"
                                + " --output " + output.uri() + ". What is wrong with it: " + e.getMessage(),
                        e);
            }
        });
    }

    /** Another run of the same output, which has to be finished. */
    public WrittenRun written(String otherRunId) {
        return WrittenRun.open(output.directory("runs").directory(otherRunId));
    }

    /** The URI of something that the run writes. */
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

    /** Writes the manifest, after which the run can be published. Refuses where Spark did not commit a dataset of it as a whole. */
    public void finish(Object manifest) {
        claim.ifPresent(OutputClaim::requireHeld);
        run.directories().forEach(Directory::requireCommitted);
        write(WrittenRun.MANIFEST, manifest);
    }

    /**
     * Makes this the published run.
     *
     * @param keep how many published runs to keep, this one included; those beyond are removed. Empty: all
     * @return the runs that were removed; one that could not be removed is left to {@link #removeUnpublished}
     */
    public List<String> publish(String reason, OptionalInt keep) {
        claim.ifPresent(OutputClaim::requireHeld);
        List<String> before = pointer.current().map(Current::kept).orElse(List.of());
        Current now = pointer.publish(runId, "publish", reason, keep);
        List<String> removed = new ArrayList<>();
        for (String id : before.stream().filter(id -> !now.kept().contains(id)).toList()) {
            try {
                remove(output.directory("runs").directory(id));
                removed.add(id);
            } catch (UserException e) {
                LOG.warn("Published {}, but could not remove {}: {}", runId, id, e.getMessage());
            }
        }
        return removed;
    }

    /** Leaves an audit line that this run was not published, and why. */
    public void refuse(String reason) {
        pointer.refused(runId, reason);
    }

    public String uri() {
        return run.uri();
    }

    @Override
    public void close() {
        claim.ifPresent(OutputClaim::close);
    }
}
