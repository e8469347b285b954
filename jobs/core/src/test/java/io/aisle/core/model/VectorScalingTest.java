package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.metric.CalibrationError;
import io.aisle.core.metric.LogLoss;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorScalingTest {
    private static final List<Float> SCALES = List.of(0.6f, 1.5f, 1f, 0.8f);
    private static final List<Float> OFFSETS = List.of(1f, -0.8f, 0f, -0.4f);

    /** Logits whose truths are drawn by what a scaling makes of them. */
    private record Drawn(float[][] logits, int[] truths) {
        static Drawn of(int rows, Scaling scaling, long seed) {
            Random random = new Random(seed);
            float[][] logits = new float[rows][4];
            int[] truths = new int[rows];
            for (int row = 0; row < rows; row++) {
                for (int label = 0; label < 4; label++) {
                    logits[row][label] = (float) (3 * random.nextGaussian());
                }
                float[] probabilities = Softmax.of(scaling.of(logits[row]));
                double left = random.nextDouble();
                while (truths[row] < 3 && left >= probabilities[truths[row]]) {
                    left -= probabilities[truths[row]];
                    truths[row]++;
                }
            }
            return new Drawn(logits, truths);
        }

        double logLoss(Scaling scaling) {
            LogLoss loss = new LogLoss();
            for (int row = 0; row < truths.length; row++) {
                loss.add(Softmax.of(scaling.of(logits[row]))[truths[row]]);
            }
            return loss.mean();
        }

        double error(Scaling scaling) {
            CalibrationError error = new CalibrationError();
            for (int row = 0; row < truths.length; row++) {
                float[] probabilities = Softmax.of(scaling.of(logits[row]));
                int best = Prediction.mostProbable(probabilities, 1)[0];
                error.add(probabilities[best], best == truths[row]);
            }
            return error.error();
        }
    }

    @Test
    void recoversTheScalesAndOffsetsThatTruthsWereDrawnBy() {
        Drawn drawn = Drawn.of(40_000, new Scaling(1, SCALES, OFFSETS), 5);

        Scaling fitted = Calibration.vector(drawn.logits(), drawn.truths(), 1e-3);

        // offsets by one number for all come to the same; the penalty makes them add up to 0
        double mean = OFFSETS.stream().mapToDouble(Float::doubleValue).average().orElseThrow();
        for (int label = 0; label < 4; label++) {
            assertThat(fitted.scales().get(label) / fitted.temperature())
                    .as("scale %d", label)
                    .isEqualTo(SCALES.get(label), within(0.05f));
            assertThat((double) fitted.offsets().get(label))
                    .as("offset %d", label)
                    .isEqualTo(OFFSETS.get(label) - mean, within(0.05));
        }
    }

    @Test
    void lowersTheCalibrationErrorAndTheLogLossAlsoOnRowsThatItWasNotFittedTo() {
        Drawn drawn = Drawn.of(20_000, new Scaling(3, SCALES, OFFSETS), 6);
        Drawn others = Drawn.of(20_000, new Scaling(3, SCALES, OFFSETS), 7);

        Scaling vector = Calibration.vector(drawn.logits(), drawn.truths(), 10);

        Scaling temperature = Scaling.temperature(vector.temperature());
        assertThat(others.error(Scaling.NONE)).isGreaterThan(0.2);
        assertThat(drawn.error(vector)).isLessThan(0.01);
        assertThat(others.error(vector)).isLessThan(0.02);
        assertThat(drawn.logLoss(vector)).isLessThan(drawn.logLoss(temperature) - 0.02);
        assertThat(others.logLoss(vector)).isLessThan(others.logLoss(temperature) - 0.02);
    }

    @Test
    void staysNearTheTemperatureOnFewRows() {
        Drawn drawn = Drawn.of(8, new Scaling(1, SCALES, OFFSETS), 8);

        Scaling fitted = Calibration.vector(drawn.logits(), drawn.truths(), 10);

        assertThat(fitted.temperature()).isEqualTo((float) Calibration.temperature(drawn.logits(), drawn.truths()));
        assertThat(fitted.scales()).allSatisfy(scale -> assertThat(scale).isEqualTo(1, within(0.25f)));
        assertThat(fitted.offsets()).allSatisfy(offset -> assertThat(offset).isEqualTo(0, within(0.25f)));
    }

    @Test
    void endsWhereNoStepLowersTheObjective() {
        Drawn drawn = Drawn.of(500, new Scaling(1, SCALES, OFFSETS), 9);
        Scaling fitted = Calibration.vector(drawn.logits(), drawn.truths(), 10);

        double[] derivatives = new double[8];
        for (int row = 0; row < 500; row++) {
            float[] probabilities = Softmax.of(fitted.of(drawn.logits()[row]));
            for (int label = 0; label < 4; label++) {
                double over = probabilities[label] - (drawn.truths()[row] == label ? 1 : 0);
                derivatives[label] += over * drawn.logits()[row][label] / fitted.temperature();
                derivatives[4 + label] += over;
            }
        }
        for (int label = 0; label < 4; label++) {
            derivatives[label] += 10 * (fitted.scales().get(label) - 1);
            derivatives[4 + label] += 10 * fitted.offsets().get(label);
        }
        assertThat(derivatives).containsExactly(new double[8], within(0.05));
    }

    @Test
    void scalesStayAboveZeroWhereMoreEvidenceMeansLess() {
        Drawn drawn = Drawn.of(5_000, Scaling.NONE, 10);
        for (float[] logits : drawn.logits()) {
            logits[2] = -logits[2];
        }

        Scaling fitted = Calibration.vector(drawn.logits(), drawn.truths(), 1);

        assertThat(fitted.scales().get(2)).isEqualTo((float) VectorScaling.MIN_SCALE);
        assertThat(fitted.scales()).allMatch(scale -> scale > 0);
    }

    @Test
    void sameRowsGiveTheSameNumbers() {
        Drawn drawn = Drawn.of(300, new Scaling(1, SCALES, OFFSETS), 11);

        assertThat(Calibration.vector(drawn.logits(), drawn.truths(), 10))
                .isEqualTo(Calibration.vector(drawn.logits(), drawn.truths(), 10));
    }

    @Test
    void refusesPenaltyThatIsNoneAtAll() {
        assertThatThrownBy(() -> Calibration.vector(new float[][] {{1, 0}}, new int[] {0}, 0))
                .hasMessage("Cannot fit scales: found penalty 0.0, expected a number above 0");
    }
}
