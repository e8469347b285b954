package io.aisle.batch.classify;

import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.score.Engine;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What classify needs to know.
 *
 * @param model directory of the bundle
 * @param runId names the run; empty: made from the time
 * @param previous run to carry predictions over from; empty: every row is scored
 * @param maxScoredRows more are refused before the first is scored; empty: no limit
 * @param top categories to list in the column top
 * @param isBackingOff whether a category above the likeliest label is accepted where that label is not
 * @param keep published runs to keep; empty: all
 * @param unfinishedAge runs that were not published are removed when they are that old
 * @param isSingleWriter whether an output without conditional writes will do
 */
record ClassifySettings(
        CatalogSettings catalog,
        String model,
        Optional<Engine> engine,
        String runId,
        Optional<String> previous,
        OptionalLong maxScoredRows,
        int top,
        boolean isBackingOff,
        PublishLimits limits,
        OptionalInt keep,
        Duration unfinishedAge,
        boolean isSingleWriter,
        String output) {

    static final List<CommandOption> OPTIONS = options();

    private static List<CommandOption> options() {
        List<CommandOption> options = new ArrayList<>();
        options.add(CommandOption.required(
                "model", "URI", "classify.model", "model bundle to score with, or models with a champion"));
        options.addAll(CatalogSettings.OPTIONS);
        options.add(CommandOption.optional("engine", "NAME", "classify.engine", "spark-nlp or onnx"));
        options.add(CommandOption.optional("run-id", "NAME", "classify.run-id", "makes a scheduler's retry safe"));
        options.add(CommandOption.optional(
                "previous", "RUN", "classify.previous", "carry over what did not change: CURRENT, a run id or a URI"));
        options.add(CommandOption.optional(
                "max-scored-rows", "ROWS", "classify.max-scored-rows", "refuse to score more rows than this"));
        options.add(CommandOption.flag(
                "back-off", "classify.back-off", "where a label is too unsure, accept a category above it"));
        options.add(CommandOption.optional("keep", "N", "classify.keep", "published runs to keep; at least 2"));
        options.add(CommandOption.flag("single-writer", "storage.single-writer", "publish without conditional writes"));
        options.add(CommandOption.required("output", "URI", "output", "directory that holds the runs and CURRENT"));
        return List.copyOf(options);
    }

    static ClassifySettings read(Settings settings) {
        CatalogSettings catalog = CatalogSettings.read(settings);
        if (catalog.format() == CatalogFormat.PREPARED || catalog.format() == CatalogFormat.CORRECTIONS) {
            settings.problem("catalog.format", Settings.choiceName(catalog.format()), "a raw catalog");
        }
        return new ClassifySettings(
                catalog,
                settings.text("classify.model"),
                settings.optionalChoice("classify.engine", Engine.class),
                settings.text("classify.run-id"),
                settings.optionalText("classify.previous"),
                settings.has("classify.max-scored-rows")
                        ? OptionalLong.of(settings.wholeNumber("classify.max-scored-rows", 0, Long.MAX_VALUE))
                        : OptionalLong.empty(),
                settings.integer("classify.top", 1, 100),
                settings.flag("classify.back-off"),
                PublishLimits.read(settings),
                settings.has("classify.keep")
                        ? OptionalInt.of(settings.integer("classify.keep", 2, Integer.MAX_VALUE))
                        : OptionalInt.empty(),
                Duration.ofHours(settings.integer("classify.unfinished-hours", 1, Integer.MAX_VALUE)),
                settings.flag("storage.single-writer"),
                settings.text("output"));
    }
}
