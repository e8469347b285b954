package io.aisle.batch.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.TestSession;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StratifiedSampleTest {
    private static final long SEED = 42;
    private static final StructType SCHEMA =
            new StructType().add("id", DataTypes.StringType).add("label", DataTypes.StringType);

    /** Rows of each class: small ones, round ones, one that is three quarters of all. */
    private static final Map<String, Integer> CLASSES =
            Map.of("one", 1, "two", 2, "seven", 7, "hundred", 100, "prime", 101, "hot", 3_000);

    private static List<Row> rows;
    private static Dataset<Row> products;

    @BeforeAll
    static void createProducts() {
        rows = new ArrayList<>();
        CLASSES.forEach((label, size) -> {
            for (int i = 0; i < size; i++) {
                rows.add(RowFactory.create(label + "-" + i + (i % 3 == 0 ? "-é" : ""), label));
            }
        });
        products =
                TestSession.get().createDataFrame(rows, SCHEMA).repartition(3).cache();
    }

    private static Map<String, Set<String>> sample(String fraction) {
        Map<String, Set<String>> ids = new TreeMap<>();
        for (Row row : StratifiedSample.draw(products, new BigDecimal(fraction), SEED)
                .of(products)
                .collectAsList()) {
            boolean isNew = ids.computeIfAbsent(row.getString(1), label -> new TreeSet<>())
                    .add(row.getString(0));
            assertThat(isNew).as("%s once", row).isTrue();
        }
        return ids;
    }

    /** The same by the definition: sort a class by (hash, id), take the first ⌈fraction × rows⌉. */
    private static Map<String, Set<String>> reference(String fraction) {
        Map<String, List<String>> ids = new HashMap<>();
        rows.forEach(row -> ids.computeIfAbsent(row.getString(1), label -> new ArrayList<>())
                .add(row.getString(0)));
        Comparator<String> byHash = Comparator.<String>comparingLong(StratifiedSampleTest::hash)
                .thenComparing(id -> id.getBytes(UTF_8), Arrays::compareUnsigned);
        Map<String, Set<String>> sample = new TreeMap<>();
        ids.forEach((label, all) -> {
            int size = new BigDecimal(fraction)
                    .multiply(BigDecimal.valueOf(all.size()))
                    .setScale(0, java.math.RoundingMode.CEILING)
                    .intValueExact();
            sample.put(label, all.stream().sorted(byHash).limit(size).collect(Collectors.toCollection(TreeSet::new)));
        });
        return sample;
    }

    /** Spark's xxhash64(id, seed, "sample"): each value is hashed with the hash so far for seed, 42 at first. */
    private static long hash(String id) {
        return hash("sample", XXH64.hashLong(SEED, hash(id, 42)));
    }

    private static long hash(String text, long seed) {
        byte[] bytes = text.getBytes(UTF_8);
        return XXH64.hashUnsafeBytes(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length, seed);
    }

    @Test
    void everyFractionGivesTheRowsOfItsDefinitionAndNestsInTheNext() {
        Map<String, Set<String>> smaller = Collections.emptyMap();
        for (String fraction :
                List.of("0.000000000000000001", "0.001", "0.07", "0.1", "1E-1", "0.29", "0.5", "0.999")) {
            Map<String, Set<String>> sampled = sample(fraction);

            assertThat(sampled).as(fraction).isEqualTo(reference(fraction));
            smaller.forEach((label, ids) -> assertThat(sampled.get(label)).containsAll(ids));
            smaller = sampled;
        }
    }

    @Test
    void sizesAreExactDecimals() {
        assertThat(StratifiedSample.size(100, new BigDecimal("0.07"))).isEqualTo(7);
        assertThat(StratifiedSample.size(100, new BigDecimal("0.29"))).isEqualTo(29);
        assertThat(StratifiedSample.size(101, new BigDecimal("0.07"))).isEqualTo(8);
        assertThat(StratifiedSample.size(1, new BigDecimal("0.000000000000000001")))
                .isEqualTo(1);
        assertThat(StratifiedSample.size(3_000_000_000L, BigDecimal.ONE)).isEqualTo(3_000_000_000L);
    }

    @Test
    void theWholeIsNotTouched() {
        assertThat(StratifiedSample.draw(products, new BigDecimal("1.000"), SEED)
                        .of(products))
                .isSameAs(products);
    }

    @Test
    void theSeedChoosesAndOtherColumnsAreKept() {
        Dataset<Row> wide = products.withColumn("note", products.col("id"));

        List<Row> sampled = StratifiedSample.draw(products, new BigDecimal("0.5"), SEED + 1)
                .of(wide)
                .collectAsList();

        assertThat(sampled)
                .allSatisfy(row -> assertThat((String) row.getAs("note")).isEqualTo(row.getAs("id")));
        assertThat(sampled.get(0).schema().fieldNames()).containsExactly("id", "label", "note");
        Set<String> hot = sampled.stream()
                .filter(row -> row.getString(1).equals("hot"))
                .map(row -> row.getString(0))
                .collect(Collectors.toSet());
        assertThat(hot).hasSize(1_500).isNotEqualTo(reference("0.5").get("hot"));
    }
}
