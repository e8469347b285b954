package io.aisle.serving.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.storage.ObjectStore;
import io.aisle.core.storage.StoredDirectory;
import io.aisle.serving.http.Json;
import io.aisle.serving.http.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The corrections that are stored: one object a request, JSON lines, named by who asked and by the request's Idempotency-Key, so that a
 * request that is sent again finds itself. Objects are only ever added; {@code prepare --corrections} lets the latest word win.
 *
 * <p>Other processes may add to the same directory: what they added is counted when {@link #counts} is asked for.
 */
public final class CorrectionStore {
    private static final DateTimeFormatter MICROSECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String SUFFIX = ".json";

    private final StoredDirectory directory;
    private final Clock clock;
    private Instant last = Instant.MIN;

    /** The objects whose corrections are counted. */
    private final Set<String> seen = new HashSet<>();

    private final Set<String> products = new HashSet<>();
    private long total;

    /**
     * What is stored.
     *
     * @param total corrections
     * @param products that have any
     */
    public record Counts(long total, int products) {}

    /** Reads nothing yet. */
    public CorrectionStore(StoredDirectory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * Stores the corrections of a request, unless they are stored already. When it returns, they outlast this process and its machine's
     * power.
     *
     * @param by name of the API key
     * @param idempotencyKey names the request
     * @return whether it stored them now
     * @throws Problem 409 where the key of another request was given, 503 where the store does not answer
     */
    public boolean store(String by, String idempotencyKey, List<Correction> corrections) {
        String request = Sha256.hex(lines(corrections, "", by, "")).substring(0, 16);
        String key = Sha256.hex((by + "\n" + idempotencyKey).getBytes(StandardCharsets.UTF_8)) + SUFFIX;
        byte[] lines = lines(corrections, null, by, request);
        try {
            boolean isNew = directory.store().putIfAbsent(key, lines);
            byte[] stored = isNew ? lines : requireSame(key, request);
            remember(key, stored);
            return isNew;
        } catch (IOException | UserException e) {
            throw Problem.unavailable(
                    "Cannot store corrections: found that the store does not take them now, expected it to. Nothing was"
                            + " stored; send the same request again.",
                    e);
        }
    }

    private byte[] requireSame(String key, String request) throws IOException {
        byte[] stored = directory
                .store()
                .read(key)
                .map(ObjectStore.Version::content)
                .orElseThrow(() -> new IOException("found " + key + " gone, expected it to stay"));
        JsonNode first = Json.read(
                new String(stored, StandardCharsets.UTF_8).lines().findFirst().orElse(""));
        if (!first.path("request").asText().equals(request)) {
            throw Problem.of(
                    HttpStatus.CONFLICT_409,
                    "Cannot store corrections: found an Idempotency-Key that another request had, expected one of its"
                            + " own. Give each request a new one.");
        }
        return stored;
    }

    /**
     * @param at when they were made; null: now, each a microsecond after the one before
     */
    private byte[] lines(List<Correction> corrections, String at, String by, String request) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Correction correction : corrections) {
            lines.writeBytes(Json.bytes(correction.line(at == null ? now() : at, by, request)));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    /** Later than whatever it said before, so that of two words about a product it is clear which was the last. */
    private synchronized String now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        last = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
        return MICROSECONDS.format(last);
    }

    private synchronized void remember(String key, byte[] lines) throws JsonProcessingException {
        if (seen.contains(key)) {
            return;
        }
        List<String> ids = new ArrayList<>();
        for (String line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
            if (!line.isBlank()) {
                ids.add(Json.read(line).path("id").asText());
            }
        }
        seen.add(key);
        products.addAll(ids);
        total += ids.size();
    }

    /** Counts what is stored by now, by whomever. Reads each object once. */
    public Counts counts() {
        try {
            for (String key : directory.store().list("")) {
                if (key.endsWith(SUFFIX) && !isSeen(key)) {
                    Optional<ObjectStore.Version> found = directory.store().read(key);
                    if (found.isPresent()) {
                        remember(key, found.get().content());
                    }
                }
            }
        } catch (IOException | UserException e) {
            throw Problem.unavailable("Cannot count corrections: found that the store does not answer now.", e);
        }
        synchronized (this) {
            return new Counts(total, products.size());
        }
    }

    private synchronized boolean isSeen(String key) {
        return seen.contains(key);
    }

    /** How many corrections are known here. */
    public synchronized long total() {
        return total;
    }

    /** Whether a product has a correction that is known here. */
    public synchronized boolean isCorrected(String id) {
        return products.contains(id);
    }
}
