package io.aisle.batch.prepare;

import io.aisle.batch.catalog.CatalogFormat;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.catalog.RecipeSettings;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.TextRecipe;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What prepare needs to know.
 *
 * @param fraction share of each class to keep, in (0, 1]
 * @param minClassSize rows under which a class is folded
 * @param split shares of train, validation and test, together 1
 * @param correctionWeight how often a corrected product that falls into train is written
 */
record PrepareSettings(
        CatalogSettings catalog,
        String output,
        TextRecipe recipe,
        BigDecimal fraction,
        long minClassSize,
        List<BigDecimal> split,
        long seed,
        long splitSeed,
        Optional<String> corrections,
        int correctionWeight) {

    static final List<CommandOption> OPTIONS = options();

    private static List<CommandOption> options() {
        List<CommandOption> options = new ArrayList<>(CatalogSettings.OPTIONS);
        options.add(CatalogSettings.TAXONOMY);
        options.addAll(List.of(
                CommandOption.optional("fraction", "SHARE", "prepare.fraction", "share of each class to keep"),
                CommandOption.optional(
                        "min-class-size", "ROWS", "prepare.min-class-size", "smaller classes are folded"),
                CommandOption.list("split", "A,B,C", "prepare.split", "shares of train, validation and test"),
                CommandOption.optional("seed", "NUMBER", "prepare.seed", "chooses the sample"),
                CommandOption.optional("split-seed", "NUMBER", "prepare.split-seed", "chooses the split"),
                CommandOption.optional(
                        "corrections",
                        "URI",
                        "prepare.corrections",
                        "JSON lines of corrected labels: a file or a directory"),
                CommandOption.optional(
                        "correction-weight",
                        "N",
                        "prepare.correction-weight",
                        "how often a corrected product of train is written"),
                CommandOption.required("output", "URI", "output", "directory to write; must not exist")));
        return List.copyOf(options);
    }

    static PrepareSettings read(Settings settings) {
        BigDecimal fraction = settings.decimal("prepare.fraction", BigDecimal.ZERO, BigDecimal.ONE);
        if (fraction.signum() == 0 || fraction.scale() > 18) {
            settings.problem("prepare.fraction", fraction.toPlainString(), "above 0, with at most 18 decimals");
        }
        List<BigDecimal> split = settings.decimals("prepare.split");
        if (split.size() != 3
                || split.stream().anyMatch(share -> share.signum() < 0)
                || split.stream().reduce(BigDecimal.ZERO, BigDecimal::add).compareTo(BigDecimal.ONE) != 0) {
            settings.problem("prepare.split", split.toString(), "three shares, none negative, that add up to 1");
            split = List.of(BigDecimal.ONE, BigDecimal.ZERO, BigDecimal.ZERO);
        }
        CatalogSettings catalog = CatalogSettings.read(settings);
        if (catalog.format() == CatalogFormat.PREPARED || catalog.format() == CatalogFormat.CORRECTIONS) {
            settings.problem("catalog.format", Settings.choiceName(catalog.format()), "a raw catalog");
        }
        return new PrepareSettings(
                catalog,
                settings.text("output"),
                RecipeSettings.read(settings),
                fraction,
                settings.wholeNumber("prepare.min-class-size", 1, Long.MAX_VALUE),
                split,
                settings.wholeNumber("prepare.seed", Long.MIN_VALUE, Long.MAX_VALUE),
                settings.wholeNumber("prepare.split-seed", Long.MIN_VALUE, Long.MAX_VALUE),
                settings.optionalText("prepare.corrections"),
                settings.integer("prepare.correction-weight", 1, 100));
    }

    /** Everything that the rows depend on, for the manifest. */
    Map<String, String> asText() {
        Map<String, String> text = new TreeMap<>();
        text.put("input", Settings.withoutCredentials(catalog.input()));
        text.put("format", Settings.choiceName(catalog.format()));
        text.put("columns", catalog.columns().toString());
        text.put("label", String.join(",", catalog.label()));
        text.put("taxonomy", Settings.withoutCredentials(catalog.taxonomy()));
        text.put("fraction", fraction.toPlainString());
        text.put("min_class_size", Long.toString(minClassSize));
        text.put("split", split.toString());
        text.put("seed", Long.toString(seed));
        text.put("split_seed", Long.toString(splitSeed));
        corrections.ifPresent(file -> {
            text.put("corrections", Settings.withoutCredentials(file));
            text.put("correction_weight", Integer.toString(correctionWeight));
        });
        return text;
    }
}
