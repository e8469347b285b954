package io.aisle.batch.process;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What tests want to know of a Dockerfile. */
final class Dockerfiles {
    private static final Pattern ARGUMENT = Pattern.compile("(?m)^ARG (\\w+)=(\\S+)$");
    private static final Pattern BASE = Pattern.compile("(?m)^FROM \\$\\{(\\w+)}");

    private Dockerfiles() {}

    /** The defaults of its arguments. */
    static Map<String, String> defaults(String dockerfile) {
        Map<String, String> defaults = new TreeMap<>();
        ARGUMENT.matcher(dockerfile).results().forEach(found -> defaults.put(found.group(1), found.group(2)));
        return defaults;
    }

    /** The same file, where each FROM names the image that it names by default. */
    static String withDefaults(String dockerfile) {
        Map<String, String> defaults = defaults(dockerfile);
        return BASE.matcher(dockerfile)
                .replaceAll(found -> Matcher.quoteReplacement("FROM " + defaults.get(found.group(1))));
    }
}
