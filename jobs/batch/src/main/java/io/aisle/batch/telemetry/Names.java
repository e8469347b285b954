package io.aisle.batch.telemetry;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names in a message. */
public final class Names {
    /** How many names are shown. */
    public static final int SHOWN = 10;

    private Names() {}

    /** The first ten of many, with semicolons between them, since a category may have a comma in its name. */
    public static String some(Collection<String> names) {
        return some(names, names.size());
    }

    /** The same where there are more names than those given, which are at least the first ten. */
    public static String some(Collection<String> first, long all) {
        return first.stream().limit(SHOWN).collect(Collectors.joining("; "))
                + (all > SHOWN ? String.format(Locale.ROOT, "; and %,d more", all - SHOWN) : "");
    }
}
