package io.aisle.batch.telemetry;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names in a message. */
public final class Names {
    private static final int SHOWN = 10;

    private Names() {}

    /** The first ten of many, with semicolons between them, since a category may have a comma in its name. */
    public static String some(Collection<String> names) {
        return names.stream().limit(SHOWN).collect(Collectors.joining("; "))
                + (names.size() > SHOWN ? String.format(Locale.ROOT, "; and %,d more", names.size() - SHOWN) : "");
    }
}
