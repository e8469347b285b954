package io.aisle.batch.explore;

import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.TextFault;
import io.aisle.core.product.ProductField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What somebody should look at: everything that a share of the rows has in common, and of it what is above its limit. */
record Findings(
        Catalog catalog,
        CatalogSummary summary,
        TextMeasures texts,
        ClassSizes classes,
        Copies copies,
        Languages languages) {
    /** The limit of tokens that {@code train} has unless told otherwise. */
    private static final int USUAL_LIMIT = 128;

    /** What is above its share, the most of it first. */
    List<Finding> above(Map<Finding.Kind, Double> limits, long minClassSize) {
        return candidates(minClassSize).stream()
                .filter(finding -> finding.share() > limits.get(finding.kind()))
                .sorted(Comparator.comparingDouble(
                                (Finding finding) -> finding.share() / (limits.get(finding.kind()) + 1e-9))
                        .reversed())
                .toList();
    }

    private List<Finding> candidates(long minClassSize) {
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
                            minClassSize)));
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
        all.add(finding(
                Finding.Kind.OTHER_LANGUAGES,
                languages.others(),
                languages.toldTexts(),
                "of the products whose language can be told are not in " + languages.main()));
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
}
