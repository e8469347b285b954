package io.aisle.batch;

/** What the lines of a job look like: text for people, or one JSON object a line for machines. */
enum LogFormat {
    TEXT,
    JSON
}
