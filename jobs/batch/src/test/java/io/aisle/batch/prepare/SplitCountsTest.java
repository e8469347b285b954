package io.aisle.batch.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.Split;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class SplitCountsTest {
    @Test
    void classWithoutTrainRowsIsLentThoseOfValidation() {
        Dataset<Row> rows = rows("rare validation", "rare validation", "rare test", "usual train", "usual validation");

        SplitCounts counts = SplitCounts.of(rows, true);

        assertThat(counts.withoutTrain()).containsExactly("rare");
        assertThat(lent(rows))
                .containsExactly("rare test", "rare train", "rare train", "usual train", "usual validation");
    }

    @Test
    void testRowsStayWhereTheyAre() {
        Dataset<Row> rows = rows("rarest test", "rarest test", "usual train");

        assertThat(SplitCounts.of(rows, true).withoutTrain()).isEmpty();
        assertThat(lent(rows)).containsExactly("rarest test", "rarest test", "usual train");
    }

    @Test
    void oneTrainRowIsEnough() {
        Dataset<Row> rows = rows("rare train", "rare validation", "rare validation");

        assertThat(SplitCounts.of(rows, true).withoutTrain()).isEmpty();
        assertThat(lent(rows)).containsExactly("rare train", "rare validation", "rare validation");
    }

    @Test
    void countsAreThoseOfWhatWasLent() {
        Dataset<Row> rows = rows(
                "b validation",
                "a validation",
                "a validation",
                "a test",
                "usual train",
                "usual validation",
                "usual test",
                "tested test");
        SplitCounts counts = SplitCounts.of(rows, true);

        assertThat(counts.withoutTrain()).containsExactly("a", "b");
        assertThat(counts.rows(Split.TRAIN)).isEqualTo(4);
        assertThat(counts.rows(Split.VALIDATION)).isEqualTo(1);
        assertThat(counts.rows(Split.TEST)).isEqualTo(3);
        for (Split split : Split.values()) {
            assertThat(lent(rows).stream().filter(row -> row.endsWith(split.key())))
                    .hasSize((int) counts.rows(split));
        }
    }

    @Test
    void nothingIsLentWhereTrainHasNoShare() {
        SplitCounts counts = SplitCounts.of(rows("a validation", "b validation", "b test"), false);

        assertThat(counts.withoutTrain()).isEmpty();
        assertThat(counts.rows(Split.TRAIN)).isZero();
        assertThat(counts.rows(Split.VALIDATION)).isEqualTo(2);
    }

    @Test
    void noRowsHaveNoCounts() {
        SplitCounts counts = SplitCounts.of(rows(), true);

        assertThat(counts.withoutTrain()).isEmpty();
        assertThat(counts.rows(Split.TRAIN)).isZero();
    }

    /** Labels and splits, sorted. */
    private static List<String> lent(Dataset<Row> rows) {
        return rows
                .withColumn(
                        "split", SplitCounts.lending(SplitCounts.of(rows, true).withoutTrain()))
                .collectAsList()
                .stream()
                .map(row -> row.getString(0) + " " + row.getString(1))
                .sorted()
                .toList();
    }

    /** @param rows label and split */
    private static Dataset<Row> rows(String... rows) {
        return TestSession.get()
                .createDataFrame(
                        Stream.of(rows)
                                .map(row -> RowFactory.create((Object[]) row.split(" ")))
                                .toList(),
                        new StructType().add("label", "string").add("split", "string"));
    }
}
