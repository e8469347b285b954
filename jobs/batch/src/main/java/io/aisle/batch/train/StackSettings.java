package io.aisle.batch.train;

import io.aisle.core.settings.Settings;
import java.util.Map;

/**
 * What the kind stack needs to know beside its members.
 *
 * @param folds parts of the train rows
 * @param rows that the members' weights are fitted to, at most
 */
record StackSettings(int folds, int rows) {

    static StackSettings read(Settings settings) {
        return new StackSettings(
                settings.integer("train.stack.folds", 2, 100), settings.integer("train.stack.rows", 100, 10_000_000));
    }

    Map<String, String> asText() {
        return Map.of("stack_folds", Integer.toString(folds), "stack_rows", Integer.toString(rows));
    }
}
