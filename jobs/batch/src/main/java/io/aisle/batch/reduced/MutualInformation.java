package io.aisle.batch.reduced;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import io.aisle.batch.ngram.NgramCounts;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.text.TextRecipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How much it says about a product's label whether it has an n-gram: the mutual information of the two, in nats,
 * Σ p(e, l) ln (p(e, l) / p(e) p(l)) over e, whether it has it, and all labels l (Manning, Raghavan and Schütze 2008, "Introduction to
 * Information Retrieval", section 13.5.1, there of one class against the others).
 */
final class MutualInformation {
    private static final String INFORMATION = "information";
    private static final StructType SCHEMA = new StructType()
            .add(NgramCounts.NAME, DataTypes.StringType, false)
            .add(NgramCounts.PRODUCTS, DataTypes.LongType, false)
            .add(INFORMATION, DataTypes.DoubleType, false);

    private MutualInformation() {}

    /**
     * Of a table of counts.
     *
     * @param with products of each label that have the n-gram
     * @param all products of each label
     */
    static double of(long[] with, long[] all) {
        long products = Arrays.stream(all).sum();
        long having = Arrays.stream(with).sum();
        double sum = 0;
        for (int label = 0; label < all.length; label++) {
            sum += term(with[label], having, all[label], products)
                    + term(all[label] - with[label], products - having, all[label], products);
        }
        return sum;
    }

    private static double term(long both, long one, long other, long products) {
        return both == 0 ? 0 : (double) both / products * Math.log((double) both * products / ((double) one * other));
    }

    /**
     * Writes the n-grams that say most as an index. Two shuffles, by n-gram and label and by n-gram.
     *
     * @param products labelled, cleaned
     * @param rowsOfLabel how many of each label there are
     * @param minProducts that an n-gram has to occur in
     * @param most how many n-grams are kept; of those that say equally much, the first by name
     * @return how many were
     */
    static int writeIndex(
            Dataset<Row> products,
            Map<String, Long> rowsOfLabel,
            TextRecipe recipe,
            NgramSettings ngrams,
            long minProducts,
            int most,
            Path directory) {
        List<Row> chosen = new ArrayList<>(informed(products, rowsOfLabel, recipe, ngrams, minProducts)
                .orderBy(col(INFORMATION).desc(), col(NgramCounts.NAME))
                .limit(most)
                .collectAsList());
        chosen.sort(Comparator.comparing((Row row) -> -row.getLong(1))
                .thenComparing(row -> row.getString(0).getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        long rows = rowsOfLabel.values().stream().mapToLong(Long::longValue).sum();
        try (NgramIndex.Writer index = new NgramIndex.Writer(directory, rows)) {
            chosen.forEach(row -> index.add(row.getString(0), row.getLong(1)));
        }
        return chosen.size();
    }

    private static Dataset<Row> informed(
            Dataset<Row> products,
            Map<String, Long> rowsOfLabel,
            TextRecipe recipe,
            NgramSettings ngrams,
            long minProducts) {
        Map<String, Integer> numbers = new HashMap<>();
        long[] all = new long[rowsOfLabel.size()];
        rowsOfLabel.forEach((label, rows) -> {
            all[numbers.size()] = rows;
            numbers.put(label, numbers.size());
        });
        MapFunction<Row, Row> inform = row -> {
            long[] with = new long[all.length];
            for (Row pair : row.<Row>getList(2)) {
                with[numbers.get(pair.getString(0))] = pair.getLong(1);
            }
            return RowFactory.create(row.getString(0), row.getLong(1), of(with, all));
        };
        return NgramCounts.ofLabels(products, recipe, ngrams)
                .groupBy(NgramCounts.NAME)
                .agg(
                        sum(NgramCounts.PRODUCTS).as(NgramCounts.PRODUCTS),
                        collect_list(struct(NgramCounts.LABEL, NgramCounts.PRODUCTS))
                                .as("pairs"))
                .filter(col(NgramCounts.PRODUCTS).geq(minProducts))
                .map(inform, Encoders.row(SCHEMA));
    }
}
