package io.aisle.training.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.ngram.SparseVector;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupportVectorsTest {
    private static final int FEATURES = 30;
    private static final double[] ALIKE = {1, 1};
    private static final SupportVectors EXACT = new SupportVectors(0.7, 1e-9, 100_000);

    @TempDir
    private Path folder;

    /** At the least of a convex function that can be derived, every derivative is 0. */
    @Test
    void findsWhereTheObjectiveIsFlat() {
        SparseRows rows = randomRows(200);
        int[] used = rows.train();

        SupportVectors.Fitted fitted = EXACT.fit(rows, used, label -> label == 1, new double[] {1, 3}, 5);

        double[] slopes = slopes(rows, used, fitted, new double[] {1, 3});
        assertThat(slopes).containsExactly(new double[FEATURES + 1], within(1e-6));
        assertThat(Arrays.stream(fitted.weights()).map(Math::abs).max().orElseThrow())
                .isGreaterThan(0.1);
    }

    @Test
    void orderOfVisitsDoesNotMatterAtTheEnd() {
        SparseRows rows = randomRows(100);

        SupportVectors.Fitted one = EXACT.fit(rows, rows.train(), label -> label == 1, ALIKE, 1);
        SupportVectors.Fitted other = EXACT.fit(rows, rows.train(), label -> label == 1, ALIKE, 2);

        assertThat(one.weights()).containsExactly(other.weights(), within(1e-6));
        assertThat(one.bias()).isCloseTo(other.bias(), within(1e-6));
    }

    @Test
    void equalSeedGivesEqualBits() {
        SparseRows rows = randomRows(100);
        SupportVectors loose = new SupportVectors(1, 0.1, 50);

        assertThat(loose.fit(rows, rows.train(), label -> label == 1, ALIKE, 7).weights())
                .isEqualTo(loose.fit(rows, rows.train(), label -> label == 1, ALIKE, 7)
                        .weights());
    }

    /** Two points, w·x + b = 1 and -1 but for the slack that c allows: by hand, with x = ±1 and α the same for both. */
    @Test
    void solvesTwoPointsAsByHand() {
        Path file = folder.resolve("two");
        try (SparseRows.Writer writer = new SparseRows.Writer(file)) {
            writer.add(SparseRows.encode(1, false, new SparseVector(new int[] {0}, new float[] {1})));
            writer.add(SparseRows.encode(0, false, new SparseVector(new int[] {0}, new float[] {-1})));
        }
        SparseRows rows = SparseRows.open(file, 1);

        SupportVectors.Fitted fitted =
                new SupportVectors(0.5, 1e-12, 1000).fit(rows, rows.train(), label -> label == 1, ALIKE, 1);

        // w = 2α and 1 - w = α / 2c = α, so that α = 1/3
        assertThat(fitted.weights()[0]).isCloseTo(2.0 / 3, within(1e-9));
        assertThat(fitted.bias()).isCloseTo(0, within(1e-9));
        assertThat(fitted.margin(at(rows, 0))).isCloseTo(2.0 / 3, within(1e-9));
    }

    @Test
    void stopsAfterSoManyPasses() {
        SparseRows rows = randomRows(100);

        assertThat(new SupportVectors(100, 1e-12, 3)
                        .fit(rows, rows.train(), label -> label == 1, ALIKE, 1)
                        .epochs())
                .isEqualTo(3);
    }

    @Test
    void tellsTrainFromValidation() {
        SparseRows rows = randomRows(100);

        assertThat(IntStream.concat(Arrays.stream(rows.train()), Arrays.stream(rows.validation()))
                        .sorted())
                .containsExactly(IntStream.range(0, 100).boxed().toArray(Integer[]::new));
        assertThat(Arrays.stream(rows.validation())).allMatch(row -> row % 10 == 0);
    }

    private SparseRows randomRows(int count) {
        Random random = new Random(3);
        Path file = folder.resolve("rows");
        try (SparseRows.Writer writer = new SparseRows.Writer(file)) {
            for (int row = 0; row < count; row++) {
                int[] indices =
                        random.ints(0, FEATURES).distinct().limit(6).sorted().toArray();
                float[] values = new float[indices.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextFloat();
                }
                boolean isOfClass = indices[0] < 3 ^ random.nextInt(10) == 0;
                writer.add(SparseRows.encode(isOfClass ? 1 : 0, row % 10 == 0, new SparseVector(indices, values)));
            }
        }
        return SparseRows.open(file, FEATURES);
    }

    private static SparseRows.Cursor at(SparseRows rows, int row) {
        SparseRows.Cursor cursor = rows.cursor();
        cursor.moveTo(row);
        return cursor;
    }

    /** Derivatives of |w|² / 2 + b² / 2 + Σ c max(0, 1 - y (w·x + b))² by every weight, and by the bias. */
    private static double[] slopes(SparseRows rows, int[] used, SupportVectors.Fitted fitted, double[] weightOfLabel) {
        double[] slopes = Arrays.copyOf(fitted.weights(), FEATURES);
        double ofBias = fitted.bias();
        for (int row : used) {
            double sign = rows.label(row) == 1 ? 1 : -1;
            double slack = Math.max(0, 1 - sign * fitted.margin(at(rows, row)));
            double scale = -2 * EXACT.c() * weightOfLabel[rows.label(row)] * sign * slack;
            at(rows, row).addTo(slopes, scale);
            ofBias += scale;
        }
        double[] all = Arrays.copyOf(slopes, FEATURES + 1);
        all[FEATURES] = ofBias;
        return all;
    }
}
