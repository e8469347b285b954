package io.aisle.batch.doctor;

/** What a check comes to. */
enum Verdict {
    /** The job can run, as far as this goes. */
    OK,
    /** It can run, but somebody should look at this. */
    WARN,
    /** It will fail, or give a wrong or half result. */
    FAIL,
    /** There was nothing to look at. */
    SKIP
}
