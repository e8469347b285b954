package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeneratorPlanTest {
    @Test
    void ratesThatAreLeftOutHaveTheirDefaults() {
        GeneratorPlan plan = new GeneratorPlan(10, 24, 0, 0.12, ClassSizes.STANDARD, Map.of(Fault.HTML, 0.5));

        assertThat(plan.rate(Fault.HTML)).isEqualTo(0.5);
        assertThat(plan.rate(Fault.MISSING_BRAND)).isEqualTo(0.15);
        assertThat(plan).isEqualTo(GeneratorPlan.of(10, 24, 0).withRate(Fault.HTML, 0.5));
    }

    @Test
    void refusesRowsOutsideTheirBounds() {
        assertThatThrownBy(() -> GeneratorPlan.of(0, 40, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot generate a catalog: found rows 0, expected 1 to 10000000000."
                        + " Set another number of rows.");
        assertThatThrownBy(() -> GeneratorPlan.of(GeneratorPlan.MAX_ROWS + 1, 40, 1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found rows 10000000001");
    }

    @Test
    void refusesClassesOutsideTheirBounds() {
        assertThatThrownBy(() -> GeneratorPlan.of(10, 23, 1))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot generate a catalog: found classes 23, expected 24 to 32000. Set another number of classes.");
        assertThatThrownBy(() -> GeneratorPlan.of(10, 32_001, 1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found classes 32001");
    }

    @Test
    void refusesRatesThatAreNoShares() {
        GeneratorPlan plan = GeneratorPlan.of(10, 40, 1);

        assertThatThrownBy(() -> plan.withRate(Fault.ENTITY, 1.5))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot generate a catalog: found rate 1.5 of ENTITY, expected 0 to 1. Set another rate.");
        assertThatThrownBy(() -> plan.withRate(Fault.ENTITY, Double.NaN))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found rate NaN of ENTITY");
        assertThatThrownBy(() -> new GeneratorPlan(10, 40, 1, 0.6, ClassSizes.STANDARD, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot generate a catalog: found order rate 0.6, expected 0 to 0.5. Set another order rate.");
    }

    @Test
    void refusesMoreRepeatedAndBrokenRowsThanThereAreRows() {
        Map<Fault, Double> rates =
                Map.of(Fault.BROKEN_LINE, 0.0, Fault.DUPLICATE_ID, 0.0, Fault.EXACT_COPY, 0.75, Fault.NEAR_COPY, 0.5);

        assertThatThrownBy(() -> new GeneratorPlan(10, 40, 1, 0.1, ClassSizes.STANDARD, rates))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot generate a catalog: found rates of copies, duplicates and broken lines that add up to 1.25,"
                                + " expected 1 at most. Lower one of [BROKEN_LINE, DUPLICATE_ID, EXACT_COPY, NEAR_COPY].");
    }
}
