package io.aisle.batch.train;

import io.aisle.core.model.Precision;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.EnumSet;
import java.util.List;

/**
 * What quantize needs to know.
 *
 * @param model directory of the bundle, or of bundles for their champion
 * @param data what prepare wrote
 * @param precision that the networks shall have
 * @param scaleRows validation rows that fix the scales of int8
 * @param maxLoss percentage points of accuracy on validation that may be lost
 * @param seed of the bootstrap behind the intervals
 */
record QuantizeSettings(
        String model, String data, String output, Precision precision, int scaleRows, double maxLoss, long seed) {
    static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required("model", "URI", "quantize.model", "model bundle, or models with a champion"),
            CommandOption.required("data", "URI", "quantize.data", "what prepare wrote"),
            CommandOption.optional("precision", "NAME", "quantize.precision", "int8 (CPUs) or float16 (GPUs)"),
            CommandOption.optional(
                    "max-loss", "POINTS", "quantize.max-loss", "accuracy on validation that may be lost, in points"),
            CommandOption.required("output", "DIR", "output", "model bundle to write; must not exist"));

    static QuantizeSettings read(Settings settings) {
        return new QuantizeSettings(
                settings.text("quantize.model"),
                settings.text("quantize.data"),
                settings.text("output"),
                settings.choice("quantize.precision", EnumSet.of(Precision.INT8, Precision.FLOAT16)),
                settings.integer("quantize.scale-rows", 1, 100_000),
                settings.number("quantize.max-loss", 0, 100),
                settings.wholeNumber("quantize.seed", Long.MIN_VALUE, Long.MAX_VALUE));
    }
}
