package io.aisle.batch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.core.settings.CommandLine;
import io.aisle.core.settings.Settings;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PlanJobTest {
    private static PlanSettings read(String... options) {
        Settings settings = CommandLine.parse("aisle plan", PlanSettings.OPTIONS, List.of(options))
                .settings();
        PlanSettings read = PlanSettings.read(settings);
        settings.check();
        return read;
    }

    @Test
    void hasDefaultsForAllButTheRows() {
        assertThat(read("--rows=5"))
                .isEqualTo(new PlanSettings(
                        5,
                        0.01,
                        128,
                        0.2,
                        Shape.all(),
                        4,
                        OptionalLong.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        0.4));
    }

    @Test
    void takesEveryOption() {
        PlanSettings settings = read(
                "--rows=1000000000",
                "--changed=0.05",
                "--tokens=64",
                "--shape=g6.2xlarge",
                "--nodes=3",
                "--gpus=8",
                "--price=1.5",
                "--gpu-rate=700",
                "--set=plan.cascade-share=0.3",
                "--set=plan.gpu-utilisation=0.5");

        assertThat(settings.rows()).isEqualTo(1_000_000_000);
        assertThat(settings.changed()).isEqualTo(0.05);
        assertThat(settings.tokens()).isEqualTo(64);
        assertThat(settings.cascadeShare()).isEqualTo(0.3);
        assertThat(settings.shapes()).hasSize(1);
        assertThat(settings.shapes().get(0).name()).isEqualTo("g6.2xlarge");
        assertThat(settings.shapes().get(0).price()).isEqualTo(1.5);
        assertThat(settings.nodes()).isEqualTo(3);
        assertThat(settings.gpus()).hasValue(8);
        assertThat(settings.gpuRate()).hasValue(700);
        assertThat(settings.gpuUtilisation()).isEqualTo(0.5);
        assertThat(read("--rows=1", "--deadline=1.5h").deadlineSeconds()).hasValue(5_400);
        assertThat(read("--rows=1", "--deadline=90m").deadlineSeconds()).hasValue(5_400);
        assertThat(read("--rows=1", "--deadline=7s").deadlineSeconds()).hasValue(7);
    }

    @Test
    void refusesWhatIsNone() {
        AisleRun run = AisleRun.of(
                "plan",
                "--rows=0",
                "--changed=2",
                "--shape=m7a.4xlarge,m9z",
                "--nodes=0",
                "--deadline=soon",
                "--price=1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("found 6 problems")
                .contains("  - plan.rows: found 0, expected a whole number from 1 to 1000000000000\n")
                .contains("  - plan.changed: found 2.0, expected a number from 0.0 to 1.0\n")
                .contains("  - plan.shapes: found m9z, expected some of m7a.4xlarge, ")
                .contains("  - plan.nodes: found 0, expected a whole number from 1 to 100000\n")
                .contains("  - plan.deadline: found soon, expected a time above 0, as in 6h, 90m or 5400s\n")
                .contains("  - plan.price: found 2 shapes, expected one in plan.shapes, whose price it is\n");
        assertThat(AisleRun.of("plan", "--rows=1", "--gpus=1", "--shape=m7a.4xlarge", "--deadline=1h")
                        .err())
                .contains(
                        "  - plan.gpus: found shapes without a GPU, expected at least one that has one in plan.shapes\n")
                .contains(
                        "  - plan.deadline: found plan.gpus too, expected one of the two: either says how many machines\n");
    }

    @Test
    void printsEveryNumberThatItUsedAndThatNothingWasMeasured() {
        AisleRun run = AisleRun.succeeding("plan", "--rows=100000000", "--gpu-rate=500");

        assertThat(run.out())
                .startsWith("COMPUTED, not measured, by this formula:\n")
                .contains("rows 100,000,000;")
                .contains("COMPUTED, 100,000,000 products, 1.0% of them scored:\n")
                .contains("list prices on demand as of " + Shape.pricesAsOf())
                .contains("L4: 500 rows a second, as given (plan.gpu-rate)\n");
        Rates rates = Rates.read();
        rates.score()
                .forEach((name, rate) -> assertThat(run.out())
                        .contains(
                                String.format("score %s: %,.1f", name, rate.rowsPerSecond()),
                                rate.source(),
                                rate.command()));
        for (Shape shape : Shape.all()) {
            long nights = run.out()
                    .lines()
                    .filter(line -> line.contains("  " + shape.name() + "  "))
                    .count();
            assertThat(nights).isEqualTo(shape.gpu().isPresent() ? 4 : 12);
        }
    }

    @Test
    void saysThatTheRateOfAGpuIsAssumedWhereNoneIsGiven() {
        assertThat(AisleRun.succeeding("plan", "--rows=1", "--shape=g6.2xlarge").out())
                .contains(
                        "L4: 1,085 rows a second, ASSUMED, no GPU was measured: published peak 30.3 TFLOP/s in float32 × 0.4"
                                + " used (plan.gpu-utilisation) / 11.17 GFLOP a row\n");
    }

    @Test
    void plansShapesWithGpusAloneWhereTheyAreCounted() {
        assertThat(AisleRun.succeeding("plan", "--rows=1", "--gpus=8").out())
                .doesNotContain("m7a.4xlarge")
                .containsPattern("onnx, GPU +g6\\.2xlarge +8 ");
    }
}
