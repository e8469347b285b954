package io.aisle.serving.keys;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A file of API keys that a test fills. */
public record TestKeys(Path file) {
    public static TestKeys in(Path file) {
        return new TestKeys(file);
    }

    /** Adds a key, and gives it. */
    public String add(String name, List<String> scopes, int requestsPerMinute) {
        return added(name, scopes, requestsPerMinute, Clock.systemUTC());
    }

    /** Adds a key that has expired. */
    public String addExpired(String name) {
        return added(name, List.of("classify", "feedback"), 1000, Clock.offset(Clock.systemUTC(), Duration.ofDays(-2)));
    }

    private String added(String name, List<String> scopes, int requestsPerMinute, Clock clock) {
        Set<Scope> allowed = EnumSet.noneOf(Scope.class);
        scopes.forEach(scope -> allowed.add(Scope.valueOf(scope.toUpperCase(Locale.ROOT))));
        return new ApiKeyCommand(file, name, allowed, requestsPerMinute, 1).run(clock);
    }
}
