package io.aisle.batch.explore;

import static io.aisle.batch.report.ReportJson.orNull;

import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.catalog.TextFault;
import io.aisle.core.product.ProductField;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The numbers of the report, and what of them somebody should look at. Bounded, whatever the catalog. */
final class ExploreReport {
    /** The limit of tokens that {@code train} has unless told otherwise. */
    private static final int USUAL_LIMIT = 128;

    private static final int TELLING = 8;
    private static final int TOP = 30;
    private static final int BINS = 40;
    private static final int RECORD_FIELDS = 200;

    private final ExploreSettings settings;
    private final Catalog catalog;
    private final CatalogSummary summary;
    private final TextMeasures texts;
    private final Words words;
    private final Copies copies;
    private final Map<String, Long> languages;
    private final Examples examples;
    private final ClassTable classes;

    /**
     * What was counted in {@link ClassWords}, and by which vocabulary.
     *
     * @param labels the classes, in order
     * @param words in order
     * @param pieces of the vocabulary
     */
    record Words(List<String> labels, List<String> words, int pieces) {}

    ExploreReport(
            ExploreSettings settings,
            Catalog catalog,
            CatalogSummary summary,
            TextMeasures texts,
            Words words,
            Copies copies,
            Map<String, Long> languages,
            Examples examples) {
        this.settings = settings;
        this.catalog = catalog;
        this.summary = summary;
        this.texts = texts;
        this.words = words;
        this.copies = copies;
        this.languages = languages;
        this.examples = examples;
        this.classes = new ClassTable(summary.classes, settings.minClassSize(), settings.fraction());
    }

    long products() {
        return summary.rows();
    }

    /** What is above its share, the most of it first. */
    List<Finding> findings() {
        return candidates().stream()
                .filter(finding -> finding.share() > settings.warnAbove().get(finding.kind()))
                .sorted(Comparator.comparingDouble((Finding finding) ->
                                finding.share() / (settings.warnAbove().get(finding.kind()) + 1e-9))
                        .reversed())
                .toList();
    }

    private List<Finding> candidates() {
        long products = summary.rows();
        List<Finding> all = new ArrayList<>();
        all.add(finding(
                Finding.Kind.QUARANTINED, catalog.quarantined(), catalog.rowsIn(), "of the records cannot be used"));
        long usable = catalog.rowsIn() - catalog.quarantined();
        all.add(finding(
                Finding.Kind.REPEATED_IDS,
                usable - products,
                usable,
                "of the records have an id that another one has too"));
        for (ProductField field : ProductField.values()) {
            all.add(finding(
                    Finding.Kind.EMPTY_FIELD,
                    summary.empty.get(field).rows(),
                    products,
                    "of the products have no " + field.key()));
        }
        if (!summary.classes.isEmpty()) {
            all.add(finding(Finding.Kind.UNLABELLED, summary.unlabelled(), products, "of the products have no label"));
            all.add(finding(
                    Finding.Kind.RARE_CLASSES,
                    classes.rareRows(),
                    products,
                    String.format(
                            Locale.ROOT,
                            "of the products are in %,d of %,d classes that have fewer than %,d rows and would be folded",
                            classes.rareClasses(),
                            classes.classes(),
                            settings.minClassSize())));
        }
        all.add(finding(
                Finding.Kind.COPIES,
                copies.content.surplus(),
                products,
                "of the products are copies of another one, in every field"));
        all.add(finding(
                Finding.Kind.NEAR_COPIES,
                copies.near.count(),
                products,
                "of the products have nearly the words of another one"));
        all.add(finding(
                Finding.Kind.LABEL_CONFLICTS,
                conflictRows(),
                products,
                "of the products share their title, or nearly all their words, with one of another label"));
        long broken = TextFault.BROKEN.stream()
                .mapToLong(fault -> summary.faults.get(fault).rows())
                .sum();
        all.add(finding(
                Finding.Kind.BROKEN_CHARACTERS,
                broken,
                products,
                "of the products hold characters that were lost or misread"));
        long told = told();
        all.add(finding(
                Finding.Kind.OTHER_LANGUAGES,
                told
                        - languagesTold().values().stream()
                                .mapToLong(Long::longValue)
                                .max()
                                .orElse(0),
                told,
                "of the products whose language can be told are not in " + mainLanguage()));
        all.add(finding(
                Finding.Kind.CUT_TEXTS,
                texts.cut(USUAL_LIMIT).rows(),
                products,
                "of the texts are cut at " + USUAL_LIMIT + " tokens"));
        all.add(finding(
                Finding.Kind.PRICE_OUTLIERS,
                summary.prices.outliers(),
                summary.prices.rows(),
                "of the prices are far from all others"));
        return all;
    }

    /** Rows under titles of several labels, or, where these are more, near copies of another label. */
    private long conflictRows() {
        return Math.max(copies.titles.conflictRows(), copies.near.conflicts());
    }

    private static Finding finding(Finding.Kind kind, long rows, long of, String what) {
        double percent = of == 0 ? 0 : 100.0 * rows / of;
        return new Finding(
                kind,
                String.format(Locale.ROOT, percent < 10 ? "%.1f%% %s (%,d)" : "%.0f%% %s (%,d)", percent, what, rows),
                rows,
                of);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("input", Settings.withoutCredentials(settings.catalog().input()));
        json.put("rows", rows());
        json.put(
                "findings",
                findings().stream()
                        .map(finding -> finding.json(settings.warnAbove().get(finding.kind())))
                        .toList());
        json.put("quarantine", counts(catalog.quarantinedByReason(), "reason"));
        json.put("corrupt_files", catalog.corruptFiles());
        json.put("fields", fields());
        json.put("record_fields", recordFields());
        json.put("classes", summary.classes.isEmpty() ? null : classes.json(telling()));
        json.put("lengths", lengths());
        json.put("words", words());
        json.put("copies", copies());
        json.put("brands", brands());
        json.put("languages", languages());
        json.put("faults", faults());
        json.put("prices", prices());
        return json;
    }

    private Map<String, Object> rows() {
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("records", catalog.rowsIn());
        rows.put("quarantined", catalog.quarantined());
        rows.put("repeated_ids", catalog.rowsIn() - catalog.quarantined() - summary.rows());
        rows.put("products", summary.rows());
        rows.put("unlabelled", summary.unlabelled());
        return rows;
    }

    private static List<Object> counts(Map<String, Long> counts, String name) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .<Object>map(entry -> row(name, entry.getKey(), "rows", entry.getValue()))
                .toList();
    }

    private static Map<String, Object> row(Object... keysAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            row.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return row;
    }

    private List<Object> fields() {
        CatalogSettings from = catalog.settings();
        List<Object> fields = new ArrayList<>();
        for (ProductField field : ProductField.values()) {
            fields.add(field(
                    field.key(),
                    from.column(field.key()),
                    summary.rows() - summary.empty.get(field).rows(),
                    examples.of(summary.empty.get(field).ids())));
        }
        fields.add(field(
                "label", String.join(", ", from.labelColumns()), summary.rows() - summary.unlabelled(), List.of()));
        fields.add(field("price", from.column("price"), summary.prices.rows(), List.of()));
        fields.add(field("updated_at", from.column("updated_at"), summary.dated(), List.of()));
        return fields;
    }

    private Map<String, Object> field(String name, String column, long filled, List<?> withoutIt) {
        return row(
                "field",
                name,
                "column",
                column,
                "filled",
                filled,
                "share",
                (double) filled / summary.rows(),
                "empty",
                withoutIt);
    }

    /** The names that the first records have, and whether the job reads them. */
    private List<Object> recordFields() {
        TreeSet<String> names = new TreeSet<>(catalog.fieldNames());
        TreeSet<String> read = new TreeSet<>(catalog.settings().labelColumns());
        CatalogSettings.FIELDS.forEach(field -> read.add(catalog.settings().column(field)));
        return names.stream()
                .limit(RECORD_FIELDS)
                .<Object>map(name -> row("name", name, "is_read", read.contains(name)))
                .toList();
    }

    private Map<String, List<String>> telling() {
        Map<String, List<String>> telling = new LinkedHashMap<>();
        for (int i = 0; i < words.labels().size(); i++) {
            telling.put(
                    words.labels().get(i),
                    texts.classWords.telling(i, TELLING).stream()
                            .map(word -> words.words().get(word.word()))
                            .toList());
        }
        return telling;
    }

    private Map<String, Object> lengths() {
        List<Object> fields = new ArrayList<>();
        for (ProductField field : ProductField.values()) {
            WholeCounts inWords = summary.words.get(field);
            WholeCounts inPieces = texts.pieces.get(field);
            fields.add(row(
                    "field", field.key(),
                    "words_median", inWords.quantile(0.5),
                    "words_95", inWords.quantile(0.95),
                    "words_max", inWords.max(),
                    "pieces_median", inPieces.quantile(0.5),
                    "pieces_95", inPieces.quantile(0.95),
                    "pieces_max", inPieces.max(),
                    "pieces_a_word", inWords.sum() == 0 ? null : (double) inPieces.sum() / inWords.sum()));
        }
        List<Object> cuts = new ArrayList<>();
        long pieces = texts.pieces.values().stream().mapToLong(WholeCounts::sum).sum();
        for (int limit : TextMeasures.LIMITS) {
            TextMeasures.Cut cut = texts.cut(limit);
            Map<String, Object> entry = row(
                    "limit",
                    limit,
                    "rows",
                    cut.rows(),
                    "share",
                    (double) cut.rows() / summary.rows(),
                    "pieces_lost_share",
                    pieces == 0 ? null : (double) cut.piecesLost() / pieces);
            for (ProductField field : ProductField.values()) {
                entry.put(field.key(), (double) cut.rows(field) / summary.rows());
            }
            cuts.add(entry);
        }
        return row(
                "fields", fields,
                "tokens", bins(texts.tokens),
                "tokens_95", texts.tokens.quantile(0.95),
                "cuts", cuts,
                "shortest", examples.of(summary.shortest.values()),
                "longest", examples.of(summary.longest.values()));
    }

    /** Up to the 99th percentile; what lies above it is counted apart. */
    private static Map<String, Object> bins(WholeCounts counts) {
        int end = counts.quantile(0.99) + 1;
        int width = Math.max(1, (end + BINS - 1) / BINS);
        int[] bounds = new int[(end + width - 1) / width + 1];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = i * width;
        }
        long[] binned = counts.between(bounds);
        List<Object> bins = new ArrayList<>();
        for (int i = 0; i < binned.length; i++) {
            bins.add(row("from", bounds[i], "to", bounds[i + 1], "count", binned[i]));
        }
        return row("bins", bins, "above", counts.above(bounds[bounds.length - 1] - 1), "max", counts.max());
    }

    private Map<String, Object> words() {
        return row(
                "vocabulary", settings.vocabulary().orElse(null),
                "vocabulary_pieces", words.pieces(),
                "total", summary.vocabulary.total(),
                "distinct", summary.vocabulary.distinct(),
                "max_error", summary.vocabulary.maxError(),
                "top", items(summary.vocabulary));
    }

    private static List<Object> items(FrequentItems items) {
        return items.top(TOP).stream()
                .<Object>map(item -> row("name", item.text(), "count", item.count()))
                .toList();
    }

    private Map<String, Object> copies() {
        return row(
                "copies", copies.content.surplus(),
                "copied", copies.content.count(),
                "copy_pairs", examples.pairs(copies.content.pairs()),
                "near_copies", copies.near.count(),
                "near_pairs", examples.pairs(copies.near.pairs()),
                "near_similarity", CopyScan.SIMILAR,
                "shared_titles", copies.titles.count(),
                "shared_title_rows", copies.titles.rows(),
                "conflicting_titles", copies.titles.conflicts(),
                "conflicting_title_rows", copies.titles.conflictRows(),
                "conflicting_title_pairs", examples.pairs(copies.titles.conflictPairs()),
                "conflicting_near_copies", copies.near.conflicts(),
                "conflicting_near_pairs", examples.pairs(copies.near.conflictPairs()));
    }

    private Map<String, Object> brands() {
        return row(
                "rows", summary.brands.total(),
                "distinct", summary.brands.distinct(),
                "max_error", summary.brands.maxError(),
                "top", items(summary.brands));
    }

    private Map<String, Long> languagesTold() {
        return languages.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(Languages.SHORT)
                        && !entry.getKey().equals(Languages.UNSURE))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private long told() {
        return languagesTold().values().stream().mapToLong(Long::longValue).sum();
    }

    private String mainLanguage() {
        return languagesTold().entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> Locale.forLanguageTag(entry.getKey()).getDisplayLanguage(Locale.ENGLISH))
                .orElse("any");
    }

    private Map<String, Object> languages() {
        List<Object> counted = new ArrayList<>();
        for (Map.Entry<String, Long> entry : languages.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList()) {
            boolean isTold = languagesTold().containsKey(entry.getKey());
            counted.add(row(
                    "name",
                    isTold ? Locale.forLanguageTag(entry.getKey()).getDisplayLanguage(Locale.ENGLISH) : entry.getKey(),
                    "rows",
                    entry.getValue()));
        }
        return row(
                "sampled",
                summary.languageSample.values().size(),
                "told",
                told(),
                "min_characters",
                Languages.MIN_CHARACTERS,
                "list",
                counted);
    }

    private List<Object> faults() {
        List<Object> faults = new ArrayList<>();
        summary.faults.forEach((fault, found) -> faults.add(row(
                "fault", fault.key(),
                "is_mended", !TextFault.BROKEN.contains(fault),
                "rows", found.rows(),
                "share", (double) found.rows() / summary.rows(),
                "examples", examples.of(found.ids()))));
        return faults;
    }

    private Map<String, Object> prices() {
        Prices prices = summary.prices;
        if (prices.rows() == 0) {
            return null;
        }
        double[] limits = prices.limits();
        return row(
                "rows", prices.rows(),
                "zero", prices.zero(),
                "median", orNull(prices.median()),
                "low", orNull(limits[0]),
                "high", orNull(limits[1]),
                "outliers", prices.outliers(),
                "bins",
                        prices.bins().stream()
                                .<Object>map(bin -> row("from", bin.from(), "to", bin.to(), "count", bin.count()))
                                .toList(),
                "cheapest", examples.of(prices.cheapest()),
                "dearest", examples.of(prices.dearest()));
    }
}
