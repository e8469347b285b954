package io.aisle.batch.generate;

/** How a line is broken. */
public enum Breakage {
    /** It is not. */
    NONE,
    /** The JSON ends too early. */
    CUT,
    /** The description is a number, or the bullets or the category are an object. */
    WRONG_TYPE,
    /** The asin is absent, null or empty. */
    MISSING_ID,
    /** Title, brand, description and bullets are all empty. */
    EMPTY_TEXT,
    /** The line is no JSON object at all. */
    NOT_JSON
}
