package io.aisle.batch.generate;

/**
 * What may be wrong with a generated record, and how often it is unless the plan says otherwise. Faults of the text stand in the
 * order in which they befall it: marks go into words, references between them, tags around both, so that none splits another.
 */
public enum Fault {
    /** The brand is absent, null or empty. */
    MISSING_BRAND(0.15),
    /** The description is absent, an empty list, or a list of one empty text. */
    MISSING_DESCRIPTION(0.20),
    /** The feature bullets are absent or an empty list. */
    MISSING_FEATURE(0.20),
    /** Some field holds odd Unicode: no-break or zero-width space, combining marks, full width, ™, emoji, U+FFFD, CJK. */
    UNICODE(0.05),
    /** Some field holds the literal text {@code [SEP]}, at times in full width. */
    SPECIAL_TOKEN(0.002),
    /** Some field holds character references, such as the one for a no-break space. */
    ENTITY(0.08),
    /** Some field holds HTML tags. */
    HTML(0.08),
    /** The category written is not the product's. */
    WRONG_LABEL(0.02),
    /** All fields and the label are those of an earlier record; the id is not. */
    EXACT_COPY(0.03),
    /** The fields are those of an earlier record with the title reworded or another colour; the id is not. */
    NEAR_COPY(0.04),
    /** A later revision of an earlier record, under the same id. */
    DUPLICATE_ID(0.005),
    /** No record can be read from the line: see {@link Breakage}. */
    BROKEN_LINE(0.005);

    private final double defaultRate;

    Fault(double defaultRate) {
        this.defaultRate = defaultRate;
    }

    /** Share of all rows, from 0 to 1. */
    public double defaultRate() {
        return defaultRate;
    }
}
