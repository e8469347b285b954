package io.aisle.batch.monitor;

import io.aisle.core.settings.Settings;

/** From which size on a difference is worth a warning, and from which on it is a failure. */
record Limits(double warn, double fail) {

    /** Reads {@code KEY.warn} and {@code KEY.fail}. */
    static Limits read(Settings settings, String key, double min, double max) {
        double warn = settings.number(key + ".warn", min, max);
        double fail = settings.number(key + ".fail", min, max);
        if (warn > fail) {
            settings.problem(key + ".fail", Double.toString(fail), "at least " + key + ".warn, which is " + warn);
        }
        return new Limits(warn, fail);
    }

    /** Of a difference of that size, chance left aside. */
    Level level(double size) {
        if (size >= fail) {
            return Level.FAIL;
        }
        return size >= warn ? Level.WARN : Level.OK;
    }
}
