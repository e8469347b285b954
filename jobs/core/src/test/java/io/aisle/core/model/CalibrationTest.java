package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.UserException;
import io.aisle.core.model.Calibration.AcceptThreshold;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1, 1.7, 4, 15})
    void recoversTheTemperatureThatTruthsWereDrawnAt(double temperature) {
        Random random = new Random(51);
        float[][] logits = new float[20_000][6];
        int[] truths = new int[logits.length];
        for (int row = 0; row < logits.length; row++) {
            for (int label = 0; label < 6; label++) {
                logits[row][label] = (float) (random.nextGaussian() * 2 * temperature);
            }
            truths[row] = draw(logits[row], temperature, random);
        }

        assertThat(Calibration.temperature(logits, truths)).isCloseTo(temperature, Percentage.withPercentage(5));
    }

    @Test
    void givesTheTemperatureWhoseConfidenceIsTheAccuracy() {
        // logits (1, 0), right 3 times in 4: the likelihood is greatest where softmax gives 3/4, so 1/T = ln 3
        float[][] logits = {{1, 0}, {1, 0}, {1, 0}, {1, 0}};
        int[] truths = {0, 0, 1, 0};

        assertThat(Calibration.temperature(logits, truths)).isCloseTo(1 / Math.log(3), within(1e-7));
    }

    @Test
    void holdsForLogitsThatWouldOverflowAFloatExponential() {
        float[][] logits = {{1001, 1000}, {1001, 1000}, {1001, 1000}, {1001, 1000}};
        int[] truths = {0, 0, 1, 0};

        assertThat(Calibration.temperature(logits, truths)).isCloseTo(1 / Math.log(3), within(1e-7));
    }

    @Test
    void stopsAtTheEndsOfItsRangeWhereTheRowsSetNoBound() {
        assertThat(Calibration.temperature(new float[][] {{1, 0}}, new int[] {0}))
                .isCloseTo(0.05, within(1e-6));
        assertThat(Calibration.temperature(new float[][] {{1, 0}}, new int[] {1}))
                .isCloseTo(20, within(1e-6));
    }

    @Test
    void leavesLogitsThatSayNothingAsTheyAre() {
        assertThat(Calibration.temperature(new float[][] {{3, 3}, {0, 0}}, new int[] {0, 1}))
                .isEqualTo(1);
    }

    @Test
    void refusesToFitATemperatureToNothing() {
        assertThatThrownBy(() -> Calibration.temperature(new float[0][], new int[0]))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot fit a temperature: found no validation rows, expected at least 1."
                        + " Give the validation part of the split more rows.");
    }

    @Test
    void refusesToFitATemperatureToBrokenRows() {
        assertThatThrownBy(() -> Calibration.temperature(new float[][] {{1, 0}}, new int[] {0, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot fit a temperature: found 2 truths, expected 1, one a row of logits");
        assertThatThrownBy(() -> Calibration.temperature(new float[][] {{1, 0}}, new int[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot fit a temperature: found truth 2 in row 0, expected 0 to 1");
        assertThatThrownBy(() -> Calibration.temperature(new float[][] {{1, 0}, {1, Float.NaN}}, new int[] {0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot fit a temperature: found logit NaN in row 1, expected a finite number");
    }

    @Test
    void acceptsAsManyRowsAsTheTargetPrecisionAllows() {
        Validation validation = new Validation()
                .with(0.9f, 38, 2) // 38/40 = 0.95
                .with(0.8f, 17, 3) // 55/60 = 0.917, below the target, though a lower threshold reaches it again
                .with(0.7f, 38, 2) // 93/100 = 0.93
                .with(0.6f, 5, 15); // 98/120 = 0.817

        AcceptThreshold threshold = validation.threshold(0.92);

        assertThat(threshold).isEqualTo(new AcceptThreshold(0.7f, 0.92, 0.93, 100, 120));
        assertThat(threshold.reached()).isTrue();
        assertThat(threshold.coverage()).isEqualTo(100.0 / 120);
    }

    @Test
    void reachesATargetThatIsMetExactly() {
        assertThat(new Validation().with(0.9f, 46, 4).threshold(0.92))
                .isEqualTo(new AcceptThreshold(0.9f, 0.92, 0.92, 50, 50));
    }

    @Test
    void acceptsEqualConfidencesTogether() {
        // 30 right rows and 5 wrong ones that nothing tells apart: 30/35 = 0.857
        assertThat(new Validation().with(0.9f, 30, 5).threshold(0.92).reached()).isFalse();
    }

    @Test
    void sendsEverythingToReviewWhereNoThresholdReachesTheTarget() {
        AcceptThreshold threshold =
                new Validation().with(1f, 30, 20).with(0.4f, 10, 40).threshold(0.92);

        assertThat(threshold).isEqualTo(new AcceptThreshold(1.001, 0.92, Double.NaN, 0, 100));
        assertThat(threshold.reached()).isFalse();
        assertThat(threshold.coverage()).isZero();
    }

    @Test
    void doesNotBelieveFewerThanThirtyRows() {
        assertThat(new Validation()
                        .with(0.99f, 29, 0)
                        .with(0.5f, 0, 71)
                        .threshold(0.92)
                        .reached())
                .isFalse();
        assertThat(new Validation().with(0.99f, 30, 0).with(0.5f, 0, 70).threshold(0.92))
                .isEqualTo(new AcceptThreshold(0.99f, 0.92, 1, 30, 100));
    }

    @Test
    void sendsEverythingToReviewWithoutValidationRows() {
        AcceptThreshold threshold = new Validation().threshold(0.92);

        assertThat(threshold).isEqualTo(new AcceptThreshold(1.001, 0.92, Double.NaN, 0, 0));
        assertThat(threshold.coverage()).isNaN();
    }

    @Test
    void refusesToChooseAThresholdFromBrokenRows() {
        assertThatThrownBy(() -> Calibration.acceptThreshold(new float[2], new boolean[1], 0.92))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot choose an accept threshold: found 1 outcomes, expected 2, one a confidence");
        assertThatThrownBy(() -> Calibration.acceptThreshold(new float[] {Float.NaN}, new boolean[1], 0.92))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot choose an accept threshold: found confidence NaN, expected 0 to 1");
        assertThatThrownBy(() -> Calibration.acceptThreshold(new float[0], new boolean[0], 92))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot choose an accept threshold: found target precision 92.0,"
                        + " expected above 0 and at most 1");
    }

    private static int draw(float[] logits, double temperature, Random random) {
        double[] weights = new double[logits.length];
        for (int label = 0; label < logits.length; label++) {
            weights[label] = Math.exp(logits[label] / temperature);
        }
        double left = random.nextDouble() * Arrays.stream(weights).sum();
        int label = 0;
        while (label < weights.length - 1 && left >= weights[label]) {
            left -= weights[label];
            label++;
        }
        return label;
    }

    /** Validation rows, the least sure first, wrong before right. */
    private record Validation(float[] confidences, boolean[] correct) {
        Validation() {
            this(new float[0], new boolean[0]);
        }

        Validation with(float confidence, int right, int wrong) {
            int added = right + wrong;
            float[] moreConfidences = new float[confidences.length + added];
            boolean[] moreCorrect = new boolean[moreConfidences.length];
            Arrays.fill(moreConfidences, 0, added, confidence);
            Arrays.fill(moreCorrect, wrong, added, true);
            System.arraycopy(confidences, 0, moreConfidences, added, confidences.length);
            System.arraycopy(correct, 0, moreCorrect, added, correct.length);
            return new Validation(moreConfidences, moreCorrect);
        }

        AcceptThreshold threshold(double targetPrecision) {
            return Calibration.acceptThreshold(confidences, correct, targetPrecision);
        }
    }
}
