package io.aisle.batch.train.compare;

import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.train.TrainSettings;
import io.aisle.batch.train.TrainSettings.Kind;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What compare needs to know.
 *
 * @param data what prepare wrote
 * @param kinds one a model to train, each once
 * @param judged the rows that all are judged by
 * @param isTestSplit whether these are the test split of the data
 * @param maxUnknownLabels share of them whose label the data does not have
 * @param chooseBy what decides, first to last
 * @param seed of the bootstrap behind the intervals
 */
record CompareSettings(
        String data,
        List<TrainSettings> kinds,
        CatalogSettings judged,
        boolean isTestSplit,
        double maxUnknownLabels,
        List<Criterion> chooseBy,
        String output,
        long seed) {

    static final List<CommandOption> OPTIONS = options();

    private static List<CommandOption> options() {
        List<CommandOption> options = new ArrayList<>(List.of(
                CommandOption.required("data", "URI", "train.data", "what prepare wrote"),
                CommandOption.list(
                        "kinds", "A,B,C", "compare.kinds", "kinds of model to train, as train --kind names them"),
                CommandOption.list(
                        "choose-by",
                        "A,B,C",
                        "compare.choose-by",
                        "what decides; where models are equal by the first, the next")));
        for (CommandOption option : CatalogSettings.OPTIONS) {
            options.add(
                    option.name().equals("input")
                            ? CommandOption.optional(
                                    "input",
                                    "URI",
                                    "input",
                                    "labelled rows to judge by; default: the test split of the data")
                            : option);
        }
        options.add(CatalogSettings.TAXONOMY);
        options.add(CommandOption.optional(
                "max-unknown-labels",
                "SHARE",
                "evaluate.max-unknown-labels",
                "rows whose label the models may not know"));
        for (CommandOption option : TrainSettings.OPTIONS) {
            if (List.of(
                            "encoder",
                            "class-weights",
                            "stack-kinds",
                            "cascade-target",
                            "calibration",
                            "max-tokens",
                            "epochs",
                            "seed")
                    .contains(option.name())) {
                options.add(option);
            }
        }
        options.add(CommandOption.required("output", "URI", "output", "directory to write; must not exist"));
        return List.copyOf(options);
    }

    static CompareSettings read(Settings settings) {
        List<Kind> kinds = settings.choices("compare.kinds", Kind.class);
        if (kinds.isEmpty()
                || kinds.stream().distinct().count() != kinds.size()
                || kinds.size() > Agreement.MAX_MODELS) {
            settings.problem(
                    "compare.kinds", settings.texts("compare.kinds").toString(), "one or more kinds, each once");
        }
        List<Criterion> chooseBy = settings.choices("compare.choose-by", Criterion.class);
        if (chooseBy.isEmpty()) {
            settings.problem("compare.choose-by", "nothing", "at least one criterion");
        }
        boolean isTestSplit = !settings.has("input");
        String data = settings.text("train.data");
        return new CompareSettings(
                data,
                kinds.stream().map(kind -> TrainSettings.read(settings, kind)).toList(),
                isTestSplit ? testSplit(settings, data) : CatalogSettings.read(settings),
                isTestSplit,
                settings.number("evaluate.max-unknown-labels", 0, 1),
                chooseBy,
                settings.text("output"),
                settings.wholeNumber("evaluate.seed", Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static CatalogSettings testSplit(Settings settings, String data) {
        return new CatalogSettings(
                data.replaceAll("/+$", "") + "/" + Split.TEST.key(),
                CatalogFormat.PREPARED,
                Map.of(),
                List.of(),
                settings.integer("catalog.max-field-characters", 100, 100_000_000));
    }
}
