package io.aisle.batch.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** {@code docker/compose.yaml}, with the variables of an environment put in as {@code docker compose} does. */
final class Compose {
    static final Path FILE = AisleProcess.REPOSITORY.resolve("docker/compose.yaml");
    /** ${NAME:-default} and ${NAME:?message}. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):([-?])([^}]*)}");

    private final Map<String, Map<String, Object>> services;

    private Compose(Map<String, Map<String, Object>> services) {
        this.services = services;
    }

    /** Reads the file; refuses an environment that lacks a variable which has no default. */
    static Compose read(Map<String, String> environment) {
        try {
            Matcher variables = VARIABLE.matcher(Files.readString(FILE));
            String text = variables.replaceAll(found ->
                    Matcher.quoteReplacement(Optional.ofNullable(environment.get(found.group(1)))
                            .or(() -> Optional.of(found.group(3))
                                    .filter(value -> found.group(2).equals("-")))
                            .orElseThrow(() -> new IllegalArgumentException(found.group(1) + ": " + found.group(3)))));
            Map<String, Map<String, Map<String, Object>>> file = new Yaml().load(text);
            return new Compose(new TreeMap<>(file.get("services")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Map<String, Object>> services() {
        return services;
    }

    @SuppressWarnings("unchecked")
    List<String> list(String service, String key) {
        return (List<String>) services.get(service).getOrDefault(key, List.of());
    }

    @SuppressWarnings("unchecked")
    Map<String, String> environment(String service) {
        return (Map<String, String>) services.get(service).getOrDefault("environment", Map.of());
    }
}
