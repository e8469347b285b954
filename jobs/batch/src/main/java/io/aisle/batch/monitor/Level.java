package io.aisle.batch.monitor;

import java.util.Locale;

/** How bad a difference is; the worst is the last. */
enum Level {
    OK,
    WARN,
    FAIL;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    Level orWorse(Level other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
