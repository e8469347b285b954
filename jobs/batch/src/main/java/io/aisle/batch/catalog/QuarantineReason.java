package io.aisle.batch.catalog;

import java.util.Locale;

/** Why a record could not be used. */
public enum QuarantineReason {
    /** Not one JSON object, or not as many fields as the header names. */
    UNPARSABLE,
    /** A field holds another type than text or a list of texts. */
    WRONG_TYPE,
    /** No identifier, or an empty one. */
    MISSING_ID,
    /** A correction that names no category. */
    MISSING_LABEL,
    /** A category that the taxonomy does not hold. */
    UNKNOWN_CATEGORY,
    /** A category name that the taxonomy holds under several parents, of which the record names none. */
    AMBIGUOUS_CATEGORY,
    /** No field holds a letter or a digit after cleaning. */
    NO_TEXT,
    /** A text field is longer than {@code catalog.max-field-characters}. */
    OVER_LONG_FIELD;

    /** How the reason stands in datasets and reports. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
