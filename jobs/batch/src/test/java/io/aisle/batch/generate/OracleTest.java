package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.product.CategoryPath;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The catalog is no noise: who knows its language reads nearly every class off the text. */
class OracleTest {
    @Test
    void whoKnowsTheLanguageReadsTheLabels() {
        assertThat(accuracy(GeneratorPlan.of(5_000, 40, 7))).isGreaterThanOrEqualTo(0.97);
    }

    @Test
    void whoKnowsTheLanguageReadsTheLabelsOfDerivedClassesToo() {
        assertThat(accuracy(GeneratorPlan.of(3_000, 300, 7))).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void withoutWrongLabelsNearlyNothingIsMisread() {
        assertThat(accuracy(GeneratorPlan.of(5_000, 40, 7).withRate(Fault.WRONG_LABEL, 0)))
                .isGreaterThanOrEqualTo(0.99);
    }

    @Test
    void headOfTheTitleIsReadFromTheOrderOfTheSameWords() {
        TextOracle oracle = new TextOracle(new CatalogGenerator(GeneratorPlan.of(1, 40, 1)).leaves());
        CategoryPath phones = CategoryPath.of("Electronics", "Cell Phones", "Smartphones");
        CategoryPath cases = CategoryPath.of("Electronics", "Cell Phones", "Cases");

        assertThat(read(oracle, "Slim case in navy for the rugged phone mk 2")).isEqualTo(cases);
        assertThat(read(oracle, "Rugged phone mk 2 for the slim case in navy")).isEqualTo(phones);
        assertThat(read(oracle, "For the slim case in navy: rugged phone mk 2")).isEqualTo(phones);
        assertThat(read(oracle, "Rugged phone mk 2 not included, slim case in navy"))
                .isEqualTo(cases);
    }

    private static CategoryPath read(TextOracle oracle, String title) {
        return oracle.read(title, List.of(), List.of());
    }

    /** Share of the usable rows whose label, as written, the oracle reads off the text. */
    private static double accuracy(GeneratorPlan plan) {
        CatalogGenerator generator = new CatalogGenerator(plan);
        TextOracle oracle = new TextOracle(generator.leaves());
        long usable = 0;
        long right = 0;
        for (long index = 0; index < plan.rows(); index++) {
            GeneratedRow row = generator.row(index);
            if (row.breakage() != Breakage.NONE) {
                continue;
            }
            usable++;
            if (row.label().equals(oracle.read(row.title(), row.description(), row.feature()))) {
                right++;
            }
        }
        return (double) right / usable;
    }
}
