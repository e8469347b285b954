package io.aisle.batch.classify;

import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.score.Engine;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * What classify needs to know.
 *
 * @param model directory of the bundle
 * @param runId names the run; empty: made from the time
 * @param top categories to list in the column top
 */
record ClassifySettings(CatalogSettings catalog, String model, Engine engine, String runId, int top, String output) {

    static final List<CommandOption> OPTIONS = options();

    private static List<CommandOption> options() {
        List<CommandOption> options = new ArrayList<>();
        options.add(CommandOption.required("model", "DIR", "classify.model", "model bundle to score with"));
        options.addAll(CatalogSettings.OPTIONS);
        options.add(CommandOption.optional("engine", "NAME", "classify.engine", "spark-nlp or onnx"));
        options.add(CommandOption.optional("run-id", "NAME", "classify.run-id", "makes a scheduler's retry safe"));
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
                settings.choice("classify.engine", Engine.class),
                settings.text("classify.run-id"),
                settings.integer("classify.top", 1, 100),
                settings.text("output"));
    }
}
