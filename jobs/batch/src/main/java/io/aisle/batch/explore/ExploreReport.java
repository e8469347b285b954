package io.aisle.batch.explore;

import static io.aisle.batch.report.ReportJson.orNull;

import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogSettings;
import io.aisle.batch.catalog.TextFault;
import io.aisle.batch.dataset.ProductWords;
import io.aisle.core.product.ProductField;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The numbers of the report, and what of them somebody should look at. Bounded, whatever the catalog. */
final class ExploreReport {
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
    private final Languages languages;
    private final Examples examples;
    private final ClassSizes classes;
    private final List<Finding> findings;

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
            Languages languages,
            Examples examples) {
        this.settings = settings;
        this.catalog = catalog;
        this.summary = summary;
        this.texts = texts;
        this.words = words;
        this.copies = copies;
        this.languages = languages;
        this.examples = examples;
        this.classes = new ClassSizes(summary.classes, settings.minClassSize(), settings.fraction());
        this.findings = new Findings(catalog, summary, texts, classes, copies, languages)
                .above(settings.warnAbove(), settings.minClassSize());
    }

    long products() {
        return summary.rows();
    }

    List<Finding> findings() {
        return findings;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("input", Settings.withoutCredentials(settings.catalog().input()));
        json.put("rows", rows());
        json.put(
                "findings",
                findings.stream()
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
                .map(entry -> row(name, entry.getKey(), "rows", entry.getValue()))
                .collect(Collectors.toCollection(ArrayList::new));
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
                "top",
                        named(summary.vocabulary.top(2 * TOP).stream()
                                .filter(item -> ProductWords.isWord(item.text()))
                                .limit(TOP)
                                .toList()));
    }

    private static List<Object> named(List<FrequentItems.Item> items) {
        return items.stream()
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
                "top", named(summary.brands.top(TOP)));
    }

    private Map<String, Object> languages() {
        List<Object> list = counts(languages.told(), "name");
        list.add(row("name", "too short", "rows", languages.tooShort()));
        list.add(row("name", "unsure", "rows", languages.unsure()));
        return row(
                "sampled",
                summary.languageSample.values().size(),
                "told",
                languages.toldTexts(),
                "min_characters",
                Languages.MIN_CHARACTERS,
                "list",
                list);
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
