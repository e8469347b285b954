package io.aisle.core.storage;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What the object {@value #KEY} holds: the name of what is published, a run of an output or the champion of a directory of models.
 *
 * @param sequence 1 for the first version, then one more each
 * @param run_id name of the published directory
 * @param previous what was published before, null for the first
 * @param action publish, promote, rollback or fence
 * @param reason why, in words
 * @param at when, UTC
 * @param by user name of the process
 * @param kept names that were published and are still there; what follows run_id is what a rollback goes to
 */
public record Current(
        long sequence,
        String run_id,
        String previous,
        String action,
        String reason,
        String at,
        String by,
        List<String> kept) {
    public static final String KEY = "CURRENT";

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Current {
        if (sequence < 1 || run_id == null) {
            throw new IllegalArgumentException("found sequence " + sequence + " and run_id " + run_id);
        }
        // the first version of this object had but three fields
        kept = kept != null ? List.copyOf(kept) : previous == null ? List.of(run_id) : List.of(run_id, previous);
    }

    /** What is published now; nothing where nothing is yet. */
    public static Optional<Current> read(ObjectStore store) throws IOException {
        return store.read(KEY).map(version -> parse(version.content()));
    }

    /**
     * Reads its JSON.
     *
     * @throws UserException if it is none
     */
    public static Current parse(byte[] content) {
        try {
            return MAPPER.treeToValue(MAPPER.readTree(content).require().requireNonNull(), Current.class);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    "Cannot read " + KEY + ": found " + new String(content, StandardCharsets.UTF_8)
                            + ", expected JSON with sequence, run_id and previous. Restore it from the newest file in audit/.",
                    e);
        }
    }

    /** What a rollback goes to; nothing where the oldest is published. */
    public Optional<String> beforeThis() {
        int next = kept.indexOf(run_id) + 1;
        return next < kept.size() ? Optional.of(kept.get(next)) : Optional.empty();
    }
}
