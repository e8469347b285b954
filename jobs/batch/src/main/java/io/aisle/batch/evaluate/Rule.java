package io.aisle.batch.evaluate;

/**
 * What one rule of the gate found.
 *
 * @param rule its name
 * @param found what was found, in words with units
 * @param limit what it allows, in words with units
 * @param passed whether that is within the limit
 * @param advice what to do where it is not
 */
record Rule(String rule, String found, String limit, boolean passed, String advice) {
    /** What it has to say where it refuses. */
    String refusal() {
        return rule + " found " + found + ", expected " + limit;
    }
}
