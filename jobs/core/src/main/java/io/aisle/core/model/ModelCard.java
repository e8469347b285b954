package io.aisle.core.model;

import io.aisle.core.metric.BootstrapIntervals.Interval;
import io.aisle.core.model.ModelCardMetrics.Named;
import io.aisle.core.product.LabelTree;
import io.aisle.core.text.FieldBudget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A bundle's README.md: a short model card (Mitchell et al. 2019, "Model cards for model reporting"), with its metrics in Hugging Face's
 * model-index form. The same text for the same model.
 */
record ModelCard(
        ModelDefinition model,
        Provenance provenance,
        SortedMap<String, Double> metrics,
        TrainingSummary training,
        double acceptThreshold,
        double targetPrecision) {
    private static final String OF_DATA = "prepare.";

    /** Of so few rows little can be learnt, and their F1 is hardly known. */
    private static final int FEW_ROWS = 50;

    private static final int NAMED = 5;

    /** Settings that change little of what a model can do; the manifest has them. */
    private static final Set<String> MINOR = Set.of(
            "kind",
            "threads",
            "precision",
            "accumulation",
            "max_gradient_norm",
            "max_iterations",
            "max_tokens",
            "frozen_max_iterations",
            "linear_tolerance",
            "linear_max_epochs",
            "linear_min_weight");

    /** Markdown, with the metrics as YAML before it; what is undefined or not known is left out. */
    String markdown() {
        StringBuilder card = new StringBuilder();
        card.append(ModelCardMetrics.frontMatter(model, provenance, metrics, training.intervals()));
        card.append(String.format(Locale.ROOT, """

                # Product classifier

                Puts a product into one of %,d categories, listed in `labels.txt` in the order of its answers, by its %s.

                """, model.labels().size(), fields()));
        items(card, model.describe());
        section(card, "Use", use());
        section(card, "Data", data());
        section(card, "Recipe", recipe());
        section(card, "Training", settings());
        card.append("\n## Validation\n\n");
        card.append(validation());
        section(card, "Limits", limits());
        section(card, "Versions", versions());
        return card.toString();
    }

    private static void section(StringBuilder card, String title, List<String> items) {
        if (!items.isEmpty()) {
            card.append("\n## ").append(title).append("\n\n");
            items(card, items);
        }
    }

    private static void items(StringBuilder card, List<String> items) {
        items.forEach(item -> card.append("- ").append(item).append('\n'));
    }

    private String fields() {
        List<String> names = model.recipe().fields().stream()
                .map(budget -> budget.field().key())
                .toList();
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    private List<String> use() {
        return List.of(
                "For products of a catalog like the one that it was trained on: to shelve those of which it is sure enough, and to propose a"
                        + " category for the others to a person.",
                "Not for catalogs with other categories, not for texts that are no product, and not to decide what may be sold, to whom or"
                        + " at what price.");
    }

    private List<String> data() {
        List<String> items = new ArrayList<>();
        if (!training.rows().isEmpty()) {
            items.add(training.rows().entrySet().stream()
                    .filter(part -> part.getValue() > 0)
                    .map(part ->
                            String.format(Locale.ROOT, "%s %,d", part.getKey().replace('_', ' '), part.getValue()))
                    .collect(Collectors.joining(", ", "Rows: ", ".")));
        }
        LabelTree tree = LabelTree.of(model.labels());
        if (tree.levels() > 1) {
            items.add(IntStream.range(0, tree.levels())
                    .mapToObj(level -> String.format(
                            Locale.ROOT, "%,d", tree.categories(level).size()))
                    .collect(Collectors.joining(", ", "Categories a level, root first: ", ".")));
        }
        prepared("fraction")
                .ifPresent(fraction -> items.add("Share of each class that was sampled: " + fraction + "."));
        String least = prepared("min_class_size")
                .map(size -> " of fewer than " + size + " rows")
                .orElse("");
        items.add(
                model.foldMap().isEmpty()
                        ? "No class was folded into another."
                        : String.format(
                                Locale.ROOT,
                                "Classes%s were folded into the one beside or above them: %,d (`foldMap` in `manifest.json`).",
                                least,
                                model.foldMap().size()));
        prepared("split")
                .ifPresent(split -> items.add("Train, validation and test: " + split + " of the titles, by seed "
                        + prepared("split_seed").orElse("unknown") + "."));
        items.add("Fingerprint: `" + provenance.dataFingerprint() + "`.");
        return items;
    }

    private Optional<String> prepared(String setting) {
        return Optional.ofNullable(provenance.parameters().get(OF_DATA + setting));
    }

    private List<String> recipe() {
        List<String> items = new ArrayList<>();
        double sum =
                model.recipe().fields().stream().mapToDouble(FieldBudget::share).sum();
        int tokens = model instanceof NetworkDefinition network
                ? network.maxTokens()
                : model instanceof CascadeDefinition cascade ? cascade.second().maxTokens() : 0;
        if (tokens > 0) {
            items.add(model.recipe().fields().stream()
                    .map(budget -> String.format(
                            Locale.ROOT, "%s %.0f%%", budget.field().key(), 100 * budget.share() / sum))
                    .collect(Collectors.joining(
                            ", ",
                            "Word pieces a network reads: " + tokens
                                    + " at most. A field's part, what is left over passed on: ",
                            ".")));
        }
        items.add(
                "Cleaned before: HTML and entities, control characters, Unicode (NFKC), repeated space (recipe version "
                        + model.recipe().version() + ").");
        return items;
    }

    private List<String> settings() {
        List<String> items = new ArrayList<>();
        provenance.parameters().forEach((name, value) -> {
            if (!name.startsWith(OF_DATA) && !MINOR.contains(name)) {
                items.add("`" + name + "`: " + value);
            }
        });
        provenance.seeds().forEach((name, seed) -> items.add("seed of " + name + ": " + seed));
        return items;
    }

    private String validation() {
        List<Named> named = ModelCardMetrics.named(metrics);
        StringBuilder text = new StringBuilder();
        if (named.isEmpty()) {
            text.append("No metric was written with it.\n\n");
        } else {
            text.append("| metric | value | 95% interval |\n|---|---|---|\n");
            for (Named metric : named) {
                Interval interval = training.intervals().get(metric.key());
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.4f | %s |\n",
                        metric.name(),
                        metric.value(),
                        interval == null ? "" : ModelCardMetrics.inWords(interval)));
            }
            text.append('\n');
        }
        return text.append(accepted()).append('\n').toString();
    }

    private String accepted() {
        return acceptThreshold > 1
                ? "No prediction is accepted, all are for a person to look at: no threshold had a precision of "
                        + targetPrecision + " on the validation rows."
                : "A prediction of confidence "
                        + String.format(Locale.ROOT, "%.4f", acceptThreshold)
                        + " or more is accepted (chosen on the validation rows for a precision of " + targetPrecision
                        + "); the others are for a person to look at.";
    }

    private List<String> limits() {
        List<String> items = new ArrayList<>();
        items.add(
                "The metrics above are those of the validation rows, which chose the epoch, the calibration and the threshold: on rows"
                        + " that it never saw, expect a little less.");
        if (!training.intervals().isEmpty()) {
            items.add(
                    "An interval says how far other rows of the same kind might move a number. It does not cover that choice, nor that"
                            + " variants of one product are alike, nor a catalog that changes.");
        }
        few().ifPresent(items::add);
        items.add("It knows the languages of its train rows; what it is worth in others was not measured.");
        items.add("A product that belongs in none of its categories gets one all the same.");
        return items;
    }

    /** The labels of which there were few train rows. */
    private Optional<String> few() {
        List<Long> rows = training.trainRows();
        List<Integer> few = IntStream.range(0, rows.size())
                .filter(label -> rows.get(label) < FEW_ROWS)
                .boxed()
                .sorted(Comparator.comparingLong(rows::get))
                .toList();
        if (few.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(few.stream()
                .limit(NAMED)
                .map(label ->
                        "`" + model.labels().get(label).toString().replace('`', '\'') + "` (" + rows.get(label) + ")")
                .collect(Collectors.joining(
                        ", ",
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d categories had fewer than %d train rows, the fewest: ",
                                few.size(),
                                rows.size(),
                                FEW_ROWS),
                        ".")));
    }

    private List<String> versions() {
        return provenance.libraries().entrySet().stream()
                .map((Map.Entry<String, String> library) -> library.getKey() + " " + library.getValue())
                .toList();
    }
}
