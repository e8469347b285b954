package io.aisle.batch.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The object {@code CURRENT} that names the published run of an output. It is swapped last, by a conditional write, so that readers see
 * a whole old run or a whole new one, and of two runs at once one publishes.
 */
public final class Pointer {
    public static final String KEY = "CURRENT";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectStore store;
    private final Optional<ObjectStore.Version> found;

    /**
     * What {@code CURRENT} holds.
     *
     * @param sequence 1 for the first published run, then one more each
     * @param previous the run that was published before, null for the first
     */
    public record Current(long sequence, String run_id, String previous) {
        public Current {
            if (sequence < 1 || run_id == null) {
                throw new IllegalArgumentException("found sequence " + sequence + " and run_id " + run_id);
            }
        }
    }

    private Pointer(ObjectStore store, Optional<ObjectStore.Version> found) {
        this.store = store;
        this.found = found;
    }

    /** Reads the pointer as it is now; {@link #swap} goes through only if nobody swaps in between. */
    public static Pointer read(ObjectStore store) {
        try {
            return new Pointer(store, store.read(KEY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Current> current() {
        return found.map(version -> parse(version.content()));
    }

    private static Current parse(byte[] content) {
        try {
            return MAPPER.treeToValue(MAPPER.readTree(content).require().requireNonNull(), Current.class);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    "Cannot read " + KEY + ": found " + new String(content, StandardCharsets.UTF_8)
                            + ", expected JSON with sequence, run_id and previous. Restore it from the newest whole run.",
                    e);
        }
    }

    /** Publishes a run. */
    public void swap(String runId) {
        Optional<Current> before = current();
        Current next = new Current(
                before.map(Current::sequence).orElse(0L) + 1,
                runId,
                before.map(Current::run_id).orElse(null));
        try {
            byte[] content = (MAPPER.writeValueAsString(next) + "\n").getBytes(StandardCharsets.UTF_8);
            boolean isSwapped = found.isPresent()
                    ? store.compareAndSet(KEY, found.get().tag(), content)
                    : store.putIfAbsent(KEY, content);
            if (!isSwapped) {
                throw new RefusedException("Cannot publish run " + runId
                        + ": found that another run published since this one started, expected "
                        + before.map(Current::run_id).orElse("none")
                        + " to be current still. Nothing was changed; run again to build on the newer run.");
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
