package io.aisle.core.model;

import java.util.Locale;

/** What becomes of a prediction. */
public enum Decision {
    /** Sure enough to be published as it is. */
    ACCEPTED,
    /** Set aside for a person. */
    REVIEW;

    /** The decision as a column's value: lower case. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
