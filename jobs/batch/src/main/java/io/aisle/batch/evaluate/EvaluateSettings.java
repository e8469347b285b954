package io.aisle.batch.evaluate;

import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * What evaluate needs to know.
 *
 * @param model directory of the bundle
 * @param maxUnknownLabels share of labelled rows whose label the model may not know
 * @param seed of the bootstrap behind the intervals
 */
record EvaluateSettings(CatalogSettings catalog, String model, String output, double maxUnknownLabels, long seed) {

    static final List<CommandOption> OPTIONS = options();

    private static List<CommandOption> options() {
        List<CommandOption> options = new ArrayList<>();
        options.add(CommandOption.required("model", "DIR", "evaluate.model", "model bundle to measure"));
        options.addAll(CatalogSettings.OPTIONS);
        options.add(CatalogSettings.TAXONOMY);
        options.add(CommandOption.optional(
                "max-unknown-labels",
                "SHARE",
                "evaluate.max-unknown-labels",
                "rows whose label the model may not know"));
        options.add(CommandOption.required("output", "URI", "output", "directory to write; must not exist"));
        return List.copyOf(options);
    }

    static EvaluateSettings read(Settings settings) {
        CatalogSettings catalog = CatalogSettings.read(settings);
        if (catalog.format() == CatalogFormat.CORRECTIONS) {
            settings.problem("catalog.format", Settings.choiceName(catalog.format()), "prepared data or a raw catalog");
        }
        return new EvaluateSettings(
                catalog,
                settings.text("evaluate.model"),
                settings.text("output"),
                settings.number("evaluate.max-unknown-labels", 0, 1),
                settings.wholeNumber("evaluate.seed", Long.MIN_VALUE, Long.MAX_VALUE));
    }
}
