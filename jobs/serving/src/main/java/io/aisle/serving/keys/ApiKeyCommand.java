package io.aisle.serving.keys;

import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Makes an API key.
 *
 * @param file to add it to
 */
public record ApiKeyCommand(Path file, String name, Set<Scope> scopes, int requestsPerMinute, int days) {
    public static final String SUMMARY =
            "Makes an API key of the service, prints it once, and adds its hash to a file.";

    public static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required("keys", "FILE", "serve.keys", "file to add it to; made where it is absent"),
            CommandOption.required("name", "NAME", "api-key.name", "what it is called, in logs and corrections"),
            CommandOption.list("scopes", "A,B", "api-key.scopes", "what it may: classify, feedback"),
            CommandOption.optional(
                    "requests-per-minute", "NUMBER", "api-key.requests-per-minute", "how often it may ask"),
            CommandOption.optional("days", "NUMBER", "api-key.days", "days until it expires"));

    public static ApiKeyCommand read(Settings settings) {
        List<Scope> scopes = settings.choices("api-key.scopes", Scope.class);
        if (scopes.isEmpty()) {
            settings.problem("api-key.scopes", "none", "classify, feedback, or both");
        }
        String name = settings.text("api-key.name");
        if (!ApiKey.isName(name)) {
            settings.problem("api-key.name", name.length() + " characters", "1 to 100 printable characters");
        }
        return new ApiKeyCommand(
                Path.of(settings.text("serve.keys")),
                name,
                scopes.isEmpty() ? Set.of() : EnumSet.copyOf(scopes),
                settings.integer("api-key.requests-per-minute", 1, Integer.MAX_VALUE),
                settings.integer("api-key.days", 1, 3650));
    }

    /** Adds it, and gives the key, which is kept nowhere else. */
    public String run(Clock clock) {
        String key = ApiKey.random();
        Instant expires = clock.instant().plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS);
        KeyFile.add(
                file, new ApiKey(name, HexFormat.of().formatHex(ApiKey.hash(key)), scopes, requestsPerMinute, expires));
        return key;
    }
}
