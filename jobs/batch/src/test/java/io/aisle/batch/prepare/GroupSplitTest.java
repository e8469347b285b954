package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.TestSession;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class GroupSplitTest {
    private static final int GROUPS = 10_000;

    private static Column split(long seed, String... shares) {
        return GroupSplit.split(
                col("split_group"), Stream.of(shares).map(BigDecimal::new).toList(), seed);
    }

    @Test
    void sharesHoldAndZeroGivesNothing() {
        List<Row> rows = TestSession.get()
                .range(GROUPS)
                .select(concat(lit("group "), col("id")).as("split_group"))
                .select(
                        split(1, "0.8", "0.15", "0.05").as("usual"),
                        split(1, "0", "0", "1").as("test_alone"),
                        split(1, "1", "0", "0").as("train_alone"),
                        split(1, "0.5", "0", "0.5").as("no_validation"),
                        split(1, "0.8", "0.15", "0.05").as("again"),
                        split(2, "0.8", "0.15", "0.05").as("another_seed"),
                        split(1, "0.9", "0.1", "0").as("more_train"))
                .collectAsList();

        // five standard deviations of a binomial share
        Map<String, Long> usual = counts(rows, 0);
        assertThat(usual.get("train")).isBetween(7_800L, 8_200L);
        assertThat(usual.get("validation")).isBetween(1_320L, 1_680L);
        assertThat(usual.get("test")).isBetween(390L, 610L);
        assertThat(counts(rows, 1)).isEqualTo(Map.of("test", (long) GROUPS));
        assertThat(counts(rows, 2)).isEqualTo(Map.of("train", (long) GROUPS));
        assertThat(counts(rows, 3)).containsOnlyKeys("train", "test");
        assertThat(rows).allSatisfy(row -> assertThat(row.getString(4)).isEqualTo(row.getString(0)));
        assertThat(rows.stream().filter(row -> row.getString(5).equals(row.getString(0))))
                .as("another seed agrees by chance alone, 0.665 of the groups")
                .hasSizeBetween(6_400, 6_900);
        assertThat(rows.stream().filter(row -> row.getString(0).equals("train")))
                .as("a larger train share keeps the smaller one's groups")
                .allSatisfy(row -> assertThat(row.getString(6)).isEqualTo("train"));
    }

    private static Map<String, Long> counts(List<Row> rows, int column) {
        return rows.stream().collect(Collectors.groupingBy(row -> row.getString(column), Collectors.counting()));
    }
}
