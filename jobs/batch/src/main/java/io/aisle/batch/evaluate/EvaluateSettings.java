package io.aisle.batch.evaluate;

import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What evaluate needs to know.
 *
 * @param model directory of the bundle, or of bundles for their champion
 * @param baseline what to compare the model with, likewise
 * @param promote whether to put it through the gate and make it champion
 * @param models directory of bundles whose champion it may become; empty: the one that the model lies in
 * @param isSingleWriter whether nobody else publishes to the models
 * @param maxUnknownLabels share of labelled rows whose label the model may not know
 * @param labelErrors how to look for wrong labels; none where nobody asked for them
 * @param seed of the bootstrap behind the intervals
 */
record EvaluateSettings(
        CatalogSettings catalog,
        String model,
        Optional<String> baseline,
        boolean promote,
        Optional<String> models,
        GateSettings gate,
        boolean isSingleWriter,
        String output,
        double maxUnknownLabels,
        Optional<LabelErrors> labelErrors,
        long seed) {

    static final List<CommandOption> OPTIONS = options();

    private static List<CommandOption> options() {
        List<CommandOption> options = new ArrayList<>();
        options.add(CommandOption.required("model", "URI", "evaluate.model", "model bundle to measure"));
        options.addAll(CatalogSettings.OPTIONS);
        options.add(CatalogSettings.TAXONOMY);
        options.add(CommandOption.optional(
                "max-unknown-labels",
                "SHARE",
                "evaluate.max-unknown-labels",
                "rows whose label the model may not know"));
        options.add(CommandOption.optional(
                "baseline", "URI", "evaluate.baseline", "bundle, or models with a champion, to compare it with"));
        options.add(
                CommandOption.flag("promote", "evaluate.promote", "put it through the gate, and make it the champion"));
        options.add(CommandOption.optional(
                "models", "URI", "evaluate.models", "models whose champion it may become; default: where it lies"));
        options.add(CommandOption.flag(
                "find-label-errors", "evaluate.find-label-errors", "list rows whose label is probably wrong"));
        options.add(CommandOption.flag("single-writer", "storage.single-writer", "publish without conditional writes"));
        options.add(CommandOption.required("output", "URI", "output", "directory to write; must not exist"));
        return List.copyOf(options);
    }

    static EvaluateSettings read(Settings settings) {
        CatalogSettings catalog = CatalogSettings.read(settings);
        if (catalog.format() == CatalogFormat.CORRECTIONS) {
            settings.problem("catalog.format", Settings.choiceName(catalog.format()), "prepared data or a raw catalog");
        }
        Optional<String> baseline = settings.optionalText("evaluate.baseline");
        boolean promote = settings.flag("evaluate.promote");
        if (promote && baseline.isPresent()) {
            settings.problem(
                    "evaluate.baseline", "a baseline beside --promote, which compares with the champion", "none");
        }
        return new EvaluateSettings(
                catalog,
                settings.text("evaluate.model"),
                baseline,
                promote,
                settings.optionalText("evaluate.models"),
                GateSettings.read(settings),
                settings.flag("storage.single-writer"),
                settings.text("output"),
                settings.number("evaluate.max-unknown-labels", 0, 1),
                settings.flag("evaluate.find-label-errors")
                        ? Optional.of(LabelErrors.read(settings))
                        : Optional.empty(),
                settings.wholeNumber("evaluate.seed", Long.MIN_VALUE, Long.MAX_VALUE));
    }
}
