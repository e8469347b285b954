package io.aisle.batch.promote;

import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.List;
import java.util.Optional;

/**
 * What promote and rollback need to know.
 *
 * @param place directory of bundles, or output of classify
 * @param isModels which of the two it is
 * @param to name to move to; empty, in a rollback, for the one before
 * @param isSingleWriter whether nobody else publishes there
 */
record PromoteSettings(String place, boolean isModels, Optional<String> to, boolean isSingleWriter) {
    private static final CommandOption MODELS =
            CommandOption.optional("models", "URI", "promote.models", "directory of bundles whose champion to move");
    private static final CommandOption OUTPUT =
            CommandOption.optional("output", "URI", "promote.output", "output of classify whose published run to move");

    private static final CommandOption SINGLE_WRITER =
            CommandOption.flag("single-writer", "storage.single-writer", "publish without conditional writes");

    static final List<CommandOption> PROMOTE_OPTIONS = List.of(
            MODELS,
            OUTPUT,
            CommandOption.required("to", "NAME", "promote.to", "bundle or run to move to"),
            SINGLE_WRITER);
    static final List<CommandOption> ROLLBACK_OPTIONS = List.of(
            MODELS,
            OUTPUT,
            CommandOption.optional("to", "NAME", "promote.to", "an earlier one; without it, the one before"),
            SINGLE_WRITER);

    static PromoteSettings read(Settings settings) {
        Optional<String> models = settings.optionalText("promote.models");
        Optional<String> output = settings.optionalText("promote.output");
        if (models.isPresent() == output.isPresent()) {
            settings.problem(
                    "promote",
                    models.isPresent() ? "both --models and --output" : "neither --models nor --output",
                    "exactly one of them");
        }
        return new PromoteSettings(
                models.or(() -> output).orElse(""),
                models.isPresent(),
                settings.optionalText("promote.to"),
                settings.flag("storage.single-writer"));
    }

    /** What is moved, in words. */
    String what() {
        return isModels ? "the champion of " + place : "the published run of " + place;
    }
}
