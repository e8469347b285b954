package io.aisle.batch;

import io.aisle.batch.telemetry.LogFormat;
import io.aisle.core.settings.Settings;

/**
 * What every job is run with.
 *
 * @param pricePerHour of the whole cluster; NaN where none is set
 */
record RunSettings(LogFormat logFormat, double pricePerHour) {
    static RunSettings read(Settings settings) {
        return new RunSettings(
                settings.choice("log.format", LogFormat.class),
                settings.has("metrics.price-per-hour")
                        ? settings.number("metrics.price-per-hour", 0, Double.MAX_VALUE)
                        : Double.NaN);
    }
}
