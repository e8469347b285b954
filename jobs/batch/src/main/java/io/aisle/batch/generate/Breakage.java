package io.aisle.batch.generate;

/** How a line is broken. */
public enum Breakage {
    /** It is not. */
    NONE,
    /** The JSON ends too early. */
    CUT,
    /** A field that is a list in the schema holds a number or an object. */
    WRONG_TYPE,
    /** The asin is absent, null or empty. */
    MISSING_ID,
    /** Title, brand, description and bullets are all empty. */
    EMPTY_TEXT,
    /** The line is no JSON object at all. */
    NOT_JSON
}
