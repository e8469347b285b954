package io.aisle.core.ngram;

/** Words that can be left out before n-grams are made. */
public enum RemovedWords {
    /** English function words. */
    STOP_WORDS,
    /** Words with a digit and without a letter. */
    DIGITS,
    /** Words without a letter or a digit. */
    PUNCTUATION
}
