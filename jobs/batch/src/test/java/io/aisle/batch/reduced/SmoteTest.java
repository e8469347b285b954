package io.aisle.batch.reduced;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.TestSession;
import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class SmoteTest {
    private static final Smote SMOTE = new Smote(1, 0.5);
    private static final long[] ROWS_OF_LABEL = {4, 6, 1, 6};

    @Test
    void fillsRareClassesUpToTheMedian() {
        assertThat(SMOTE.target(new long[] {4, 6, 1, 6}))
                .as("the second of four")
                .isEqualTo(4);
        assertThat(SMOTE.target(new long[] {9, 1, 5})).isEqualTo(5);
        assertThat(new Smote(1, 1).target(ROWS_OF_LABEL)).isEqualTo(6);
        assertThat(new Smote(1, 0).target(ROWS_OF_LABEL)).isEqualTo(1);
    }

    @Test
    void whatIsAddedLiesBetweenNeighboursOfOneClass() {
        Dataset<Row> rows = rows();
        List<Row> filled = new Smote(1, 1).fill(rows, ROWS_OF_LABEL, 7).collectAsList();
        List<Row> added = filled.stream()
                .filter(row -> row.<String>getAs("id").contains("-smote-"))
                .toList();

        assertThat(filled).hasSize(17 + 2);
        assertThat(added).allSatisfy(row -> {
            assertThat(row.<Double>getAs("label"))
                    .as("one row alone has no neighbour")
                    .isZero();
            assertThat(row.<Double>getAs("weight")).isEqualTo(2);
            Vector vector = row.getAs("features");
            // two pairs of near rows, along feature 0 and along feature 2
            if (vector.apply(0) > 0) {
                assertThat(vector.apply(0)).isBetween(1.0, 1.5);
                assertThat(vector.apply(1)).isCloseTo(vector.apply(0) - 1, within(1e-6));
                assertThat(vector.apply(2)).isZero();
            } else {
                assertThat(vector.apply(2)).isBetween(10.0, 11.0);
                assertThat(vector.apply(1)).isZero();
            }
        });
        assertThat(added.stream().map(row -> row.<String>getAs("id")))
                .as("rows take turns")
                .containsExactlyInAnyOrder("a0-smote-0", "a1-smote-1");
    }

    @Test
    void theSeedAloneDecides() {
        assertThat(added(7)).isEqualTo(added(7)).isNotEqualTo(added(8));
    }

    @Test
    void valuesThatOneOfTheTwoLacksAreZeroThere() {
        Vector middle = Smote.between(
                Vectors.sparse(3, new int[] {0}, new double[] {1}).toSparse(),
                Vectors.sparse(3, new int[] {2}, new double[] {4}).toSparse(),
                0.25);

        assertThat(middle.toArray()).containsExactly(0.75, 0, 1);
    }

    @Test
    void refusesClassesThatAreNotRare() {
        assertThatThrownBy(() -> new Smote(1, 1).fill(rows(), new long[] {30_000, 40_000}, 7))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot fill up a class of 30000 rows: found more than 20000, expected rare classes."
                        + " Lower train.reduced.smote.quantile.");
    }

    private static List<String> added(long seed) {
        return new Smote(2, 1)
                .fill(rows().repartition(3), ROWS_OF_LABEL, seed).collectAsList().stream()
                        .filter(row -> row.<String>getAs("id").contains("-smote-"))
                        .map(Row::toString)
                        .sorted()
                        .toList();
    }

    private static Dataset<Row> rows() {
        List<Row> rows = new ArrayList<>();
        Stream.of(Vectors.dense(1, 0, 0), Vectors.dense(1.5, 0.5, 0), Vectors.dense(0, 0, 10), Vectors.dense(0, 0, 11))
                .forEach(vector -> add(rows, "a", 0, vector));
        for (int i = 0; i < 6; i++) {
            add(rows, "b", 1, Vectors.dense(0, i, 0));
            add(rows, "d", 3, Vectors.dense(i, 0, 0));
        }
        add(rows, "c", 2, Vectors.dense(1, 1, 1));
        return TestSession.get().createDataFrame(rows, ReducedRows.SCHEMA);
    }

    private static void add(List<Row> rows, String prefix, double label, Vector vector) {
        long before =
                rows.stream().filter(row -> row.getString(0).startsWith(prefix)).count();
        rows.add(RowFactory.create(prefix + before, label, label + 2, vector.toSparse()));
    }
}
