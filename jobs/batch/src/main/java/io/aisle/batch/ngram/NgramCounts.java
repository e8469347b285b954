package io.aisle.batch.ngram;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.Ngrams;
import io.aisle.core.text.TextRecipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** In how many products each n-gram occurs: counted where the rows lie, then summed in one shuffle by n-gram. */
public final class NgramCounts {
    /** The n-gram. */
    public static final String NAME = "name";

    /** The label of the products. */
    public static final String LABEL = "label";

    /** How many products have it. */
    public static final String PRODUCTS = "products";

    private static final StructType SCHEMA = new StructType()
            .add(NAME, DataTypes.StringType, false)
            .add(LABEL, DataTypes.StringType, false)
            .add(PRODUCTS, DataTypes.LongType, false);

    /** A task hands its counts on when it has met so many different n-grams: some 200 MB. */
    private static final int MAX_HELD = 1_000_000;

    private static final int TASKS_PER_CORE = 4;

    private NgramCounts() {}

    /**
     * Counts the n-grams of cleaned products and writes those that become features.
     *
     * @param rows how many products there are
     * @param minProducts that an n-gram has to occur in
     * @param most how many are kept, the most frequent
     * @return how many were
     */
    public static int writeIndex(
            Dataset<Row> products,
            long rows,
            TextRecipe recipe,
            NgramSettings settings,
            long minProducts,
            int most,
            Path directory) {
        Dataset<Row> counts = counted(products, recipe, settings, row -> "")
                .groupBy(NAME)
                .agg(sum(PRODUCTS).as(PRODUCTS))
                .filter(col(PRODUCTS).geq(minProducts))
                // Spark compares texts by their UTF-8 bytes
                .orderBy(col(PRODUCTS).desc(), col(NAME))
                .limit(most);
        int features = 0;
        try (NgramIndex.Writer index = new NgramIndex.Writer(directory, rows)) {
            for (Iterator<Row> each = counts.toLocalIterator(); each.hasNext(); features++) {
                Row row = each.next();
                index.add(row.getString(0), row.getLong(1));
            }
        }
        return features;
    }

    /**
     * In how many labelled products of each label each n-gram occurs: rows of {@value #NAME}, {@value #LABEL} and {@value #PRODUCTS},
     * one a pair that occurs. One shuffle.
     */
    public static Dataset<Row> ofLabels(Dataset<Row> products, TextRecipe recipe, NgramSettings settings) {
        return counted(products, recipe, settings, row -> row.getAs(LABEL))
                .groupBy(NAME, LABEL)
                .agg(sum(PRODUCTS).as(PRODUCTS));
    }

    private static Dataset<Row> counted(
            Dataset<Row> products, TextRecipe recipe, NgramSettings settings, MapFunction<Row, String> labelOf) {
        MapPartitionsFunction<Row, Row> count =
                partition -> new Counting(partition, new Ngrams(settings, recipe), labelOf);
        return products.repartition(products.sparkSession().sparkContext().defaultParallelism() * TASKS_PER_CORE)
                .mapPartitions(count, Encoders.row(SCHEMA));
    }

    /** Counts of a partition, a batch of bounded size after the other. */
    private static final class Counting implements Iterator<Row> {
        private final Iterator<Row> products;
        private final Ngrams ngrams;
        private final MapFunction<Row, String> labelOf;
        private Iterator<Row> batch = List.<Row>of().iterator();

        Counting(Iterator<Row> products, Ngrams ngrams, MapFunction<Row, String> labelOf) {
            this.products = products;
            this.ngrams = ngrams;
            this.labelOf = labelOf;
        }

        @Override
        public boolean hasNext() {
            while (!batch.hasNext() && products.hasNext()) {
                batch = nextBatch();
            }
            return batch.hasNext();
        }

        @Override
        public Row next() {
            return batch.next();
        }

        private Iterator<Row> nextBatch() {
            Map<String, Map<String, Long>> countsOfLabels = new HashMap<>();
            Set<String> distinct = new HashSet<>();
            int held = 0;
            while (products.hasNext() && held < MAX_HELD) {
                Row product = products.next();
                distinct.clear();
                ngrams.of(
                        ProductRows.product(product),
                        (name, length) -> distinct.add(new String(name, 0, length, StandardCharsets.UTF_8)));
                Map<String, Long> counts = countsOfLabels.computeIfAbsent(label(product), ignored -> new HashMap<>());
                held -= counts.size();
                distinct.forEach(name -> counts.merge(name, 1L, Long::sum));
                held += counts.size();
            }
            List<Row> rows = new ArrayList<>(held);
            countsOfLabels.forEach(
                    (label, counts) -> counts.forEach((name, n) -> rows.add(RowFactory.create(name, label, n))));
            return rows.iterator();
        }

        private String label(Row product) {
            try {
                return labelOf.call(product);
            } catch (Exception e) {
                throw new IllegalStateException("Cannot count n-grams", e);
            }
        }
    }
}
