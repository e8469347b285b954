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
    private static final SupportVectors EXACT = new SupportVectors(0.7, 1e-5, 100_000);

    @TempDir
    private Path folder;

    /** At the least of a convex function that can be derived, every derivative is 0. */
    @Test
    void findsWhereTheObjectiveIsFlat() {
        SparseRows rows = randomRows(200);
        int[] used = rows.train();

        SupportVectors.Fit fitted = fit(EXACT, rows, used, new double[] {1, 3}, 5);

        double[] slopes = slopes(rows, used, fitted, new double[] {1, 3});
        assertThat(slopes).containsExactly(new double[FEATURES + 1], within(1e-3));
        assertThat(Math.abs(fitted.weights()[0])).isGreaterThan(0.1f);
    }

    @Test
    void orderOfVisitsDoesNotMatterAtTheEnd() {
        SparseRows rows = randomRows(100);

        SupportVectors.Fit one = fit(EXACT, rows, rows.train(), ALIKE, 1);
        SupportVectors.Fit other = fit(EXACT, rows, rows.train(), ALIKE, 2);

        assertThat(one.weights()).containsExactly(other.weights(), within(1e-4f));
        assertThat(one.bias()).isCloseTo(other.bias(), within(1e-4));
    }

    @Test
    void equalSeedGivesEqualBits() {
        SparseRows rows = randomRows(100);
        SupportVectors loose = new SupportVectors(1, 0.1, 50);

        assertThat(fit(loose, rows, rows.train(), ALIKE, 7).weights())
                .isEqualTo(fit(loose, rows, rows.train(), ALIKE, 7).weights());
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

        SupportVectors.Fit fitted = fit(new SupportVectors(0.5, 1e-6, 1000), rows, rows.train(), ALIKE, 1);

        // w = 2α and 1 - w = α / 2c = α, so that α = 1/3
        assertThat(fitted.weights()[0]).isCloseTo(2f / 3, within(1e-6f));
        assertThat(fitted.bias()).isCloseTo(0, within(1e-6));
        assertThat(fitted.margin(at(rows, 0))).isCloseTo(2.0 / 3, within(1e-6));
    }

    @Test
    void stopsAfterSoManyPasses() {
        SparseRows rows = randomRows(100);

        SupportVectors.Fit fit =
                new SupportVectors(100, 1e-12, 3).start(rows, rows.train(), label -> label == 1, ALIKE, 1);

        assertThat(fit.to(rows.train().length)).isEqualTo(3);
    }

    /** From where the fit to some rows ended, all rows lead to the one optimum. */
    @Test
    void goesOnWithMoreRows() {
        SparseRows rows = randomRows(200);
        int[] used = IntStream.range(0, 200).toArray();
        SupportVectors.Fit anew = fit(EXACT, rows, used, ALIKE, 1);
        SupportVectors.Fit goingOn = EXACT.start(rows, used, label -> label == 1, ALIKE, 1);

        goingOn.to(190);
        float[] before = goingOn.weights();
        goingOn.to(200);

        assertThat(goingOn.weights()).containsExactly(anew.weights(), within(1e-4f));
        assertThat(before).isNotEqualTo(goingOn.weights());
    }

    @Test
    void tellsTrainFromValidation() {
        SparseRows rows = randomRows(100);

        assertThat(IntStream.concat(Arrays.stream(rows.train()), Arrays.stream(rows.validation()))
                        .sorted())
                .containsExactly(IntStream.range(0, 100).boxed().toArray(Integer[]::new));
        assertThat(Arrays.stream(rows.validation())).allMatch(row -> row % 10 == 0);
    }

    private static SupportVectors.Fit fit(
            SupportVectors solver, SparseRows rows, int[] used, double[] weightOfLabel, long seed) {
        SupportVectors.Fit fit = solver.start(rows, used, label -> label == 1, weightOfLabel, seed);
        fit.to(used.length);
        return fit;
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
    private static double[] slopes(SparseRows rows, int[] used, SupportVectors.Fit fitted, double[] weightOfLabel) {
        float[] slopes = fitted.weights();
        double ofBias = fitted.bias();
        for (int row : used) {
            double sign = rows.label(row) == 1 ? 1 : -1;
            double slack = Math.max(0, 1 - sign * fitted.margin(at(rows, row)));
            double scale = -2 * EXACT.c() * weightOfLabel[rows.label(row)] * sign * slack;
            at(rows, row).addTo(slopes, scale);
            ofBias += scale;
        }
        double[] all = new double[FEATURES + 1];
        for (int feature = 0; feature < FEATURES; feature++) {
            all[feature] = slopes[feature];
        }
        all[FEATURES] = ofBias;
        return all;
    }
}
