package io.aisle.serving.keys;

/** What an API key may do. */
public enum Scope {
    CLASSIFY,
    FEEDBACK
}
