package io.aisle.batch.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.storage.Current;
import io.aisle.core.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The object {@code CURRENT} that names what is published: a run of an output, or the champion of a directory of models. It is swapped
 * last, by a conditional write, so that readers see a whole old version or a whole new one, and of two writers at once one publishes.
 *
 * <p>Every version of it is also kept as {@code audit/<sequence>.json}: who changed what, when and why.
 */
public final class Pointer {
    private static final Logger LOG = LoggerFactory.getLogger(Pointer.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectStore store;
    private final Optional<ObjectStore.Version> found;

    private Pointer(ObjectStore store, Optional<ObjectStore.Version> found) {
        this.store = store;
        this.found = found;
    }

    /** Reads the pointer as it is now; a swap goes through only if nobody swaps in between. */
    public static Pointer read(ObjectStore store) {
        try {
            return new Pointer(store, store.read(Current.KEY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Current> current() {
        return found.map(version -> Current.parse(version.content()));
    }

    /**
     * Publishes what was not published before.
     *
     * @param action publish or promote
     * @param keep how many names to keep, this one included; empty: all
     * @throws RefusedException if another version was published since this one was read
     */
    public Current publish(String runId, String action, String reason, OptionalInt keep) {
        // first what a rollback goes to, then what was rolled back from: that goes first when there are too many
        List<String> kept = new ArrayList<>(List.of(runId));
        current().ifPresent(before -> {
            int from = before.kept().indexOf(before.run_id());
            kept.addAll(before.kept().subList(from, before.kept().size()));
            kept.addAll(before.kept().subList(0, from));
        });
        return swap(
                runId,
                current().map(Current::run_id).orElse(null),
                action,
                reason,
                kept.subList(0, Math.min(kept.size(), keep.orElse(Integer.MAX_VALUE))));
    }

    /**
     * Makes another of the kept names the published one.
     *
     * @param action promote or rollback
     * @throws RefusedException if another version was published since this one was read
     */
    public Current moveTo(String runId, String action, String reason) {
        List<String> kept = current().map(Current::kept).orElse(List.of());
        if (!kept.contains(runId)) {
            throw new UserException(
                    "Cannot " + action + " to " + runId + ": found no such name among what is kept, expected"
                            + (kept.isEmpty()
                                    ? " something published. Publish first."
                                    : " one of " + String.join(", ", kept) + "."));
        }
        return swap(runId, current().orElseThrow().run_id(), action, reason, kept);
    }

    /**
     * Writes the pointer again, with the same name and another sequence: a swap of somebody who read it before, and who may be dead, is
     * refused when it arrives. Does nothing where nothing is published yet.
     *
     * @return the pointer to swap from now on
     * @throws RefusedException if another version was published since this one was read
     */
    Pointer fence(String reason) {
        current().ifPresent(now -> swap(now.run_id(), now.previous(), "fence", reason, now.kept()));
        return read(store);
    }

    /**
     * Makes a name the published one by somebody's decision, whether it was published before or not.
     *
     * @throws RefusedException if another version was published since this one was read
     */
    public Current promote(String runId, String reason) {
        boolean isKept = current().map(now -> now.kept().contains(runId)).orElse(false);
        return isKept ? moveTo(runId, "promote", reason) : publish(runId, "promote", reason, OptionalInt.empty());
    }

    /**
     * Makes sure, before work, that a swap can still go through.
     *
     * @throws RefusedException if another version was published since this one was read
     */
    void requireCurrent(String action, String runId) {
        if (!read(store).found.map(ObjectStore.Version::tag).equals(found.map(ObjectStore.Version::tag))) {
            throw overtaken(action, runId);
        }
    }

    private RefusedException overtaken(String action, String runId) {
        return new RefusedException("Cannot " + action + " " + runId
                + ": found that another one was published since this one started, expected "
                + current().map(Current::run_id).orElse("none")
                + " to be current still. Nothing was changed; run again to build on the newer one.");
    }

    /** Leaves an audit line of what was not published, and why. */
    public void refused(String runId, String reason) {
        String at = now();
        String key = "audit/refused-" + at.replace(":", "") + "-" + runId + ".json";
        try {
            store.putIfAbsent(
                    key,
                    json(Map.of("run_id", runId, "action", "refused", "reason", reason, "at", at, "by", userName())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Current swap(String runId, String previous, String action, String reason, List<String> kept) {
        Optional<Current> before = current();
        Current next = new Current(
                before.map(Current::sequence).orElse(0L) + 1, runId, previous, action, reason, now(), userName(), kept);
        try {
            if (before.isPresent()) {
                // whoever swapped last may have been killed before it wrote its audit line
                store.putIfAbsent(auditKey(before.get()), found.get().content());
            }
            byte[] content = json(next);
            requireNotStopping(action, runId);
            boolean isSwapped = found.isPresent()
                    ? store.compareAndSet(Current.KEY, found.get().tag(), content)
                    : store.putIfAbsent(Current.KEY, content);
            if (!isSwapped) {
                throw overtaken(action, runId);
            }
            keepForAudit(next, content);
            return next;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the audit line. It is published already: a store that does not answer now must not turn that into a failure, and the next swap
     * writes the line anew.
     */
    private void keepForAudit(Current next, byte[] content) {
        try {
            store.putIfAbsent(auditKey(next), content);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Published {}, but could not write {}: {}", next.run_id(), auditKey(next), e.getMessage());
        }
    }

    /** Spark takes seconds to stop after a signal, in which the job's own thread goes on: it is to publish nothing then. */
    private static void requireNotStopping(String action, String runId) {
        Thread probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
        } catch (IllegalStateException shutdownInProgress) {
            throw new RefusedException("Cannot " + action + " " + runId
                    + ": found that this process was told to end, expected it to go on."
                    + " Nothing was changed; run the same command again.");
        }
    }

    private static String auditKey(Current current) {
        return String.format(Locale.ROOT, "audit/%012d.json", current.sequence());
    }

    private static byte[] json(Object value) {
        try {
            return (MAPPER.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String userName() {
        return System.getProperty("user.name", "unknown");
    }
}
