package io.aisle.batch.telemetry;

/** What the lines of a job look like: text for people, or one JSON object a line for machines. */
public enum LogFormat {
    TEXT,
    JSON
}
