package io.aisle.batch.dataset;

import java.util.Locale;

/** The parts of a prepared dataset. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    /** The part's directory and its value in the column split. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
