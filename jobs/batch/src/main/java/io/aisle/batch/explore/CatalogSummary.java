package io.aisle.batch.explore;

import io.aisle.batch.catalog.TextFault;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.core.text.BasicTokenizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What one look at every product tells; bounded but for the names of the classes, and merged over the tasks. */
final class CatalogSummary implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Products that stand as examples of each finding. */
    static final int EXAMPLES = 12;

    /** Products whose language is told, chosen by their hash. */
    static final int LANGUAGE_SAMPLE = 4_000;

    private static final int LANGUAGE_CHARACTERS = 400;

    final Map<ProductField, WholeCounts> words = new EnumMap<>(ProductField.class);
    final WholeCounts allWords = new WholeCounts();
    final TreeMap<String, Long> classes = new TreeMap<>();
    final FrequentItems brands = new FrequentItems();
    final FrequentItems vocabulary = new FrequentItems();
    final Map<TextFault, Found> faults = new EnumMap<>(TextFault.class);
    final Map<ProductField, Found> empty = new EnumMap<>(ProductField.class);
    final Prices prices = new Prices();
    final SmallestRows<String> longest = new SmallestRows<>(EXAMPLES);
    final SmallestRows<String> shortest = new SmallestRows<>(EXAMPLES);
    final SmallestRows<String> languageSample = new SmallestRows<>(LANGUAGE_SAMPLE);
    private long rows;
    private long unlabelled;
    private long dated;

    /** Rows of one kind, and the ids of some. */
    static final class Found implements Serializable {
        private static final long serialVersionUID = 1L;
        private final SmallestRows<String> ids = new SmallestRows<>(EXAMPLES);
        private long rows;

        void add(long hash, String id) {
            rows++;
            ids.add(hash, id, id);
        }

        void merge(Found that) {
            rows += that.rows;
            ids.merge(that.ids);
        }

        long rows() {
            return rows;
        }

        List<String> ids() {
            return ids.values();
        }
    }

    private CatalogSummary() {
        for (ProductField field : ProductField.values()) {
            words.put(field, new WholeCounts());
            empty.put(field, new Found());
        }
        for (TextFault fault : TextFault.values()) {
            faults.put(fault, new Found());
        }
    }

    /** One Spark job over observed rows with their hash. */
    static CatalogSummary of(Dataset<Row> observed) {
        return observed.javaRDD()
                .mapPartitions(rows -> List.of(of(rows)).iterator())
                .treeReduce(CatalogSummary::merge);
    }

    private static CatalogSummary of(Iterator<Row> rows) {
        CatalogSummary summary = new CatalogSummary();
        rows.forEachRemaining(summary::add);
        return summary;
    }

    private void add(Row row) {
        Product product = ProductRows.product(row);
        String id = product.id();
        long hash = row.getAs("hash");
        rows++;
        int total = 0;
        for (ProductField field : ProductField.values()) {
            String text = product.field(field);
            if (text.isEmpty()) {
                empty.get(field).add(hash, id);
                continue;
            }
            List<String> folded = BasicTokenizer.words(text);
            words.get(field).add(folded.size());
            total += folded.size();
            folded.forEach(vocabulary::add);
        }
        allWords.add(total);
        longest.add(-total, hash, id, id);
        shortest.add(total, hash, id, id);
        if (!product.brand().isEmpty()) {
            brands.add(product.brand());
        }
        String label = row.getAs("label");
        if (label == null) {
            unlabelled++;
        } else {
            classes.merge(label, 1L, Long::sum);
        }
        dated += row.<String>getAs("updated_at").isEmpty() ? 0 : 1;
        int found = row.getAs("faults");
        for (TextFault fault : TextFault.values()) {
            if (fault.isIn(found)) {
                faults.get(fault).add(hash, id);
            }
        }
        Double price = row.getAs("price");
        if (price != null) {
            prices.add(price, hash, id);
        }
        if (languageSample.takes(hash)) {
            String text = product.title() + ". " + product.description();
            languageSample.add(hash, id, text.substring(0, Math.min(text.length(), LANGUAGE_CHARACTERS)));
        }
    }

    private CatalogSummary merge(CatalogSummary that) {
        rows += that.rows;
        unlabelled += that.unlabelled;
        dated += that.dated;
        words.forEach((field, counts) -> counts.merge(that.words.get(field)));
        allWords.merge(that.allWords);
        that.classes.forEach((label, count) -> classes.merge(label, count, Long::sum));
        brands.merge(that.brands);
        vocabulary.merge(that.vocabulary);
        faults.forEach((fault, found) -> found.merge(that.faults.get(fault)));
        empty.forEach((field, found) -> found.merge(that.empty.get(field)));
        prices.merge(that.prices);
        longest.merge(that.longest);
        shortest.merge(that.shortest);
        languageSample.merge(that.languageSample);
        return this;
    }

    /** The largest classes, the largest first, then by name. */
    List<String> largestClasses(int limit) {
        return classes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    long rows() {
        return rows;
    }

    long unlabelled() {
        return unlabelled;
    }

    /** Rows with a time of their last change. */
    long dated() {
        return dated;
    }

    /** Every id that stands as an example of something. */
    List<String> exampleIds() {
        List<String> ids = new ArrayList<>();
        faults.values().forEach(found -> ids.addAll(found.ids()));
        empty.values().forEach(found -> ids.addAll(found.ids()));
        ids.addAll(prices.cheapest());
        ids.addAll(prices.dearest());
        ids.addAll(longest.values());
        ids.addAll(shortest.values());
        return ids;
    }
}
