package io.aisle.batch.explore;

import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.catalog.RecipeSettings;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.TextRecipe;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What explore needs to know.
 *
 * @param fraction share of each class that prepare would keep
 * @param minClassSize rows under which prepare would fold a class
 * @param vocabulary URI of a vocab.txt; empty: one is learnt
 * @param vocabularySize of the one that is learnt
 * @param warnAbove shares of the rows above which a finding is one
 */
record ExploreSettings(
        CatalogSettings catalog,
        TextRecipe recipe,
        BigDecimal fraction,
        long minClassSize,
        Optional<String> vocabulary,
        int vocabularySize,
        Map<Finding.Kind, Double> warnAbove,
        String output) {

    static final List<CommandOption> OPTIONS = options();

    private static List<CommandOption> options() {
        List<CommandOption> options = new ArrayList<>(CatalogSettings.OPTIONS);
        options.add(CatalogSettings.TAXONOMY);
        options.addAll(List.of(
                CommandOption.optional("fraction", "SHARE", "prepare.fraction", "share of each class to look ahead to"),
                CommandOption.optional(
                        "min-class-size", "ROWS", "prepare.min-class-size", "smaller classes would be folded"),
                CommandOption.optional(
                        "vocabulary", "URI", "explore.vocabulary", "vocab.txt of the encoder that is to be trained"),
                CommandOption.required("output", "URI", "output", "directory to write; must not exist")));
        return List.copyOf(options);
    }

    static ExploreSettings read(Settings settings) {
        CatalogSettings catalog = CatalogSettings.read(settings);
        if (catalog.format() == CatalogFormat.CORRECTIONS) {
            settings.problem("catalog.format", Settings.choiceName(catalog.format()), "a catalog");
        }
        BigDecimal fraction = settings.decimal("prepare.fraction", BigDecimal.ZERO, BigDecimal.ONE);
        if (fraction.signum() == 0) {
            settings.problem("prepare.fraction", fraction.toPlainString(), "above 0");
        }
        Map<Finding.Kind, Double> warnAbove = new EnumMap<>(Finding.Kind.class);
        for (Finding.Kind kind : Finding.Kind.values()) {
            warnAbove.put(kind, settings.number("explore.warn-above." + kind.settingName(), 0, 1));
        }
        return new ExploreSettings(
                catalog.observing(),
                RecipeSettings.read(settings),
                fraction,
                settings.wholeNumber("prepare.min-class-size", 1, Long.MAX_VALUE),
                settings.optionalText("explore.vocabulary"),
                settings.integer("explore.vocabulary-size", 100, 100_000),
                warnAbove,
                settings.text("output"));
    }
}
