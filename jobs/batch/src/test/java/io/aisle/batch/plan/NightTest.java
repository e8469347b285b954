package io.aisle.batch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.plan.Rates.Rate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Worked out by hand: ten cores a machine, 3.60 dollars an hour, a million products. */
class NightTest {
    private static final Rates RATES = new Rates(
            rate(10_000, OptionalDouble.empty()),
            rate(20_000, OptionalDouble.empty()),
            rate(10_000, OptionalDouble.empty()),
            Map.of("linear", rate(1_000, OptionalDouble.empty()), "base-onnx", rate(32, OptionalDouble.of(64))));
    private static final Shape SHAPE = new Shape("ten", "EMR", "here", 20, 64, 0.5, 3, 0.6, Optional.empty());
    private static final Shape GPU_SHAPE =
            new Shape("gpus", "EMR", "here", 20, 64, 0.5, 3, 0.6, Optional.of(new Shape.Gpu("L4", 2, 30)));
    private static final Scorer NETWORK = Scorer.alone("network", "base-onnx");
    private static final Scorer CASCADE = Scorer.cascade("cascade", "linear", "base-onnx");
    private static final Offset<Double> EXACTLY = within(1e-6);

    private static Rate rate(double rowsPerSecond, OptionalDouble tokens) {
        return new Rate(rowsPerSecond, tokens, "by hand", "none", "this test");
    }

    private static PlanSettings settings(long rows, long nodes) {
        return settings(rows, nodes, OptionalLong.empty(), OptionalDouble.empty());
    }

    private static PlanSettings settings(long rows, long nodes, OptionalLong gpus, OptionalDouble deadline) {
        return new PlanSettings(
                rows, 0.01, 128, 0.2, List.of(SHAPE), nodes, gpus, deadline, OptionalDouble.of(100), 0.4);
    }

    /** Core-seconds a row: 0.0001 to read, 0.0625 to score at twice the word pieces, 0.0001 to write. */
    @Test
    void aFullNightReadsScoresAndWritesEveryProduct() {
        Night night = Night.full(settings(1_000_000, 2), RATES, SHAPE, NETWORK);

        assertThat(night.nodes()).isEqualTo(2);
        assertThat(night.seconds()).isCloseTo(3_135, EXACTLY);
        assertThat(night.dollars()).isCloseTo(6.27, EXACTLY);
    }

    /** 0.0001 to read, 0.00005 to compare, 0.0001 to write, a hundredth of 0.0625 to score. */
    @Test
    void anOrdinaryNightScoresWhatChanged() {
        Night night = Night.changed(settings(1_000_000, 2), RATES, SHAPE, NETWORK);

        assertThat(night.seconds()).isCloseTo(43.75, EXACTLY);
        assertThat(night.dollars()).isCloseTo(0.0875, EXACTLY);
    }

    /** 0.001 by linear, which no word pieces slow down, and a fifth of 0.0625. */
    @Test
    void aCascadeGivesTheNetworkItsShare() {
        assertThat(Night.full(settings(1_000_000, 1), RATES, SHAPE, CASCADE).seconds())
                .isCloseTo(1_370, EXACTLY);
    }

    /** Two GPUs of 100 rows a second take 0.005 s a row, the cores 0.0002 / 10. */
    @Test
    void gpusScoreAndCoresReadAndWrite() {
        Night night = Night.full(settings(1_000_000, 2), RATES, GPU_SHAPE, Scorer.onGpu("network"));

        assertThat(night.seconds()).isCloseTo(2_510, EXACTLY);
        assertThat(Night.full(settings(1_000_000, 1), RATES, GPU_SHAPE, Scorer.cascadeOnGpu("cascade", "linear"))
                        .seconds())
                .isCloseTo(20 + 100 + 1_000, EXACTLY);
        assertThat(Night.full(
                                settings(1_000_000, 1, OptionalLong.of(5), OptionalDouble.empty()),
                                RATES,
                                GPU_SHAPE,
                                Scorer.onGpu("network"))
                        .nodes())
                .isEqualTo(3);
    }

    @Test
    void aDeadlineTakesTheFewestMachinesThatMeetIt() {
        Night night = Night.full(
                settings(1_000_000, 1, OptionalLong.empty(), OptionalDouble.of(1_000)), RATES, SHAPE, NETWORK);

        assertThat(night.nodes()).isEqualTo(7);
        assertThat(night.seconds()).isLessThanOrEqualTo(1_000);
    }

    @Test
    void moreProductsNeverTakeLessAndMoreMachinesNeverLonger() {
        double before = 0;
        for (long rows = 1; rows < 10_000_000_000L; rows *= 7) {
            Night night = Night.full(settings(rows, 3), RATES, SHAPE, CASCADE);
            assertThat(night.seconds()).isGreaterThan(before);
            assertThat(Night.changed(settings(rows, 3), RATES, SHAPE, CASCADE).seconds())
                    .isLessThan(night.seconds());
            before = night.seconds();
        }
        for (int nodes = 1; nodes < 1_000; nodes++) {
            assertThat(Night.full(settings(1_000_000, nodes + 1L), RATES, SHAPE, CASCADE)
                            .seconds())
                    .isLessThan(Night.full(settings(1_000_000, nodes), RATES, SHAPE, CASCADE)
                            .seconds());
        }
    }

    /** Six layers: two operations a weight, 7,077,888 of them, and token, and 4 × 128 × 128 × 768 of attention. */
    @Test
    void countsTheOperationsOfDistilBert() {
        assertThat(Scorer.operations(128)).isEqualTo(11_173_625_856.0);
        assertThat(Scorer.gpuRate(new Shape.Gpu("L4", 1, 30), OptionalDouble.empty(), 0.4, 128))
                .isCloseTo(12e12 / 11_173_625_856.0, EXACTLY);
        assertThat(Scorer.gpuRate(new Shape.Gpu("L4", 1, 30), OptionalDouble.of(9), 0.4, 128))
                .isEqualTo(9);
    }
}
