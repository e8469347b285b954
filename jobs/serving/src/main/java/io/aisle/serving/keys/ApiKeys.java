package io.aisle.serving.keys;

import io.aisle.core.UserException;
import io.aisle.serving.http.Problem;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Says who asks, and whether they may. The file of keys is read again when it has changed; one that cannot be used then is complained of,
 * and the keys before it go on.
 */
public final class ApiKeys {
    private static final String BEARER = "Bearer ";
    private static final int MAX_KEY_CHARACTERS = 200;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Path file;
    private final Clock clock;
    private final Consumer<String> complaints;
    private final ConcurrentHashMap<Limit, Bucket> buckets = new ConcurrentHashMap<>();

    private volatile Read read;
    private volatile long nextLook;
    private String complaint = "";

    /** The keys of one state of the file. */
    private record Read(FileTime modified, long size, List<ApiKey> keys) {}

    /** A key's limit; when it is changed, the key begins anew. */
    private record Limit(String name, int requestsPerMinute) {}

    private ApiKeys(Path file, Clock clock, Consumer<String> complaints) {
        this.file = file;
        this.clock = clock;
        this.complaints = complaints;
    }

    /**
     * Reads the file.
     *
     * @param complaints told why a changed file cannot be used
     * @throws UserException if it cannot be used, or has no key
     */
    public static ApiKeys open(Path file, Clock clock, Consumer<String> complaints) {
        ApiKeys keys = new ApiKeys(file, clock, complaints);
        try {
            keys.read = keys.readFile();
        } catch (IOException e) {
            throw new UserException("Cannot read the API keys in " + file + ": " + e.getMessage() + ".", e);
        }
        if (keys.read.keys().isEmpty()) {
            throw new UserException("Cannot use the API keys in " + file + ": found none, expected one or more."
                    + " Make one with: aisle api-key --keys " + file + " --name NAME");
        }
        return keys;
    }

    private Read readFile() throws IOException {
        // before it is read: what changes meanwhile is then read again
        FileTime modified = Files.getLastModifiedTime(file);
        return new Read(modified, Files.size(file), KeyFile.read(file));
    }

    private List<ApiKey> keys() {
        if (clock.millis() >= nextLook) {
            lookAgain();
        }
        return read.keys();
    }

    private synchronized void lookAgain() {
        if (clock.millis() < nextLook) {
            return;
        }
        nextLook = clock.millis() + BETWEEN_LOOKS.toMillis();
        try {
            if (!Files.getLastModifiedTime(file).equals(read.modified()) || Files.size(file) != read.size()) {
                read = readFile();
            }
            complaint = "";
        } catch (IOException | UserException e) {
            // once, not with every look
            if (!e.getMessage().equals(complaint)) {
                complaint = e.getMessage();
                complaints.accept("The API keys before go on. " + complaint);
            }
        }
    }

    /**
     * The name of the key that a request brings.
     *
     * @param authorization the header, null where there is none
     * @param scope what the key has to have; empty: any
     * @throws Problem 401 without a key that is known and valid, 403 without the scope, 429 where it asks too often
     */
    public String require(String authorization, Optional<Scope> scope) {
        ApiKey key = find(authorization);
        if (!clock.instant().isBefore(key.expires_at())) {
            throw Problem.of(
                    HttpStatus.UNAUTHORIZED_401,
                    "Cannot answer: found an API key that expired at " + key.expires_at()
                            + ", expected one that is valid. Ask for a new one.");
        }
        if (scope.isPresent() && !key.scopes().contains(scope.get())) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN_403,
                    "Cannot answer: found an API key without the scope "
                            + scope.get().name().toLowerCase(Locale.ROOT)
                            + ", expected it. Ask for a key that has it.");
        }
        ConsumptionProbe probe = buckets.computeIfAbsent(
                        new Limit(key.name(), key.requests_per_minute()), ApiKeys::bucket)
                .tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill());
            throw Problem.tooMany(
                    "Cannot answer: found more than " + key.requests_per_minute()
                            + " requests a minute of this API key, expected no more. Ask again later.",
                    Math.toIntExact(seconds));
        }
        return key.name();
    }

    private static Bucket bucket(Limit limit) {
        return Bucket.builder()
                .addLimit(bandwidth -> bandwidth
                        .capacity(limit.requestsPerMinute())
                        .refillGreedy(limit.requestsPerMinute(), Duration.ofMinutes(1)))
                .build();
    }

    private ApiKey find(String authorization) {
        boolean isBearer = authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && authorization.length() <= MAX_KEY_CHARACTERS;
        byte[] hash =
                ApiKey.hash(isBearer ? authorization.substring(BEARER.length()).strip() : "");
        ApiKey found = null;
        // all of them, whichever it is
        for (ApiKey key : keys()) {
            if (key.isOf(hash)) {
                found = key;
            }
        }
        if (found == null) {
            throw Problem.of(
                    HttpStatus.UNAUTHORIZED_401,
                    "Cannot answer: found " + (isBearer ? "an unknown API key" : "no API key")
                            + ", expected a header Authorization: Bearer KEY.");
        }
        return found;
    }
}
