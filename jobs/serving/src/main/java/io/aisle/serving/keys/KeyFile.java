package io.aisle.serving.keys;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The file of API keys: JSON with their names, hashes, scopes, limits and ends. The keys themselves are nowhere. */
final class KeyFile {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private KeyFile() {}

    /**
     * Reads it.
     *
     * @throws UserException if it is not there, or not such a file
     */
    static List<ApiKey> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw refused(file, "no such file", "one that aisle api-key writes", null);
        }
        try {
            JsonNode keys = MAPPER.readTree(Files.readAllBytes(file)).path("keys");
            if (!keys.isArray()) {
                throw refused(file, "no list of keys", "one that aisle api-key writes", null);
            }
            List<ApiKey> read = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonNode key : keys) {
                ApiKey each = key(key);
                if (!names.add(each.name())) {
                    throw new IllegalArgumentException("found the name " + each.name() + " twice, expected it once");
                }
                read.add(each);
            }
            return List.copyOf(read);
        } catch (IOException e) {
            throw refused(file, "what is no JSON, or cannot be read", "one that aisle api-key writes", e);
        } catch (RuntimeException e) {
            if (e instanceof UserException) {
                throw e;
            }
            throw new UserException("Cannot use the API keys in " + file + ": " + e.getMessage() + ".", e);
        }
    }

    private static ApiKey key(JsonNode key) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        key.path("scopes").forEach(scope -> scopes.add(scope(scope.asText())));
        return new ApiKey(
                key.path("name").asText(null),
                key.path("sha256").asText(null),
                scopes,
                key.path("requests_per_minute").asInt(),
                expires(key.path("expires_at").asText(null)));
    }

    private static Scope scope(String name) {
        return Arrays.stream(Scope.values())
                .filter(scope -> scope.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("found the scope " + name + ", expected classify or feedback"));
    }

    private static Instant expires(String at) {
        try {
            return at == null ? null : Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "found the expires_at " + at + ", expected a time as 2030-01-31T00:00:00Z", e);
        }
    }

    /**
     * Adds a key; the file is replaced whole, readable by its owner alone.
     *
     * @throws UserException if there is one of its name, or the file cannot be written
     */
    static void add(Path file, ApiKey added) {
        List<ApiKey> keys = new ArrayList<>(Files.exists(file) ? read(file) : List.of());
        if (keys.stream().anyMatch(key -> key.name().equals(added.name()))) {
            throw refused(file, "a key of the name " + added.name(), "a new name, or take that key out first", null);
        }
        keys.add(added);
        ArrayNode array = MAPPER.createArrayNode();
        for (ApiKey key : keys) {
            ObjectNode node = array.addObject();
            node.put("name", key.name());
            node.put("sha256", key.sha256());
            ArrayNode scopes = node.putArray("scopes");
            key.scopes().stream()
                    .sorted()
                    .forEach(scope -> scopes.add(scope.name().toLowerCase(Locale.ROOT)));
            node.put("requests_per_minute", key.requests_per_minute());
            node.put("expires_at", key.expires_at().toString());
        }
        Path absolute = file.toAbsolutePath();
        try {
            Path whole = Files.createTempFile(
                    absolute.getParent(),
                    ".keys",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(
                    whole,
                    MAPPER.writerWithDefaultPrettyPrinter()
                            .writeValueAsBytes(MAPPER.createObjectNode().set("keys", array)));
            Files.move(whole, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw refused(file, "that it cannot be written", "a directory that is there and can be written", e);
        }
    }

    private static UserException refused(Path file, String found, String expected, Exception cause) {
        return new UserException(
                "Cannot use the API keys in " + file + ": found " + found + ", expected " + expected
                        + ". Make a key with: aisle api-key --keys " + file + " --name NAME",
                cause);
    }
}
