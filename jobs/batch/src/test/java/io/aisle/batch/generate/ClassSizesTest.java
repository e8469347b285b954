package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClassSizesTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    @Test
    void hotClassHasItsShareAndTheOthersTheRestAlongTheCurve() {
        double[] standard = ClassSizes.STANDARD.shares(40);

        double[] hot = new ClassSizes(210, 0.6).shares(40);

        assertThat(hot[0]).isEqualTo(0.6);
        assertThat(Arrays.stream(hot).sum()).isCloseTo(1, ROUNDING);
        assertThat(hot[1] / hot[39]).isCloseTo(standard[1] / standard[39], ROUNDING);
    }

    @Test
    void classesAreAlikeWhereTheLargestIsAsTheSmallest() {
        assertThat(new ClassSizes(1, 0).shares(4)).containsExactly(0.25, 0.25, 0.25, 0.25);
        assertThat(new ClassSizes(1, 0.7).shares(4)).containsExactly(new double[] {0.7, 0.1, 0.1, 0.1}, ROUNDING);
    }

    @Test
    void catalogHasItsHotClass() {
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(2_000, 10_001, 7)
                .withRate(Fault.WRONG_LABEL, 0)
                .withSizes(new ClassSizes(1, 0.6)));

        Map<Object, Long> sizes = LongStream.range(0, 2_000)
                .mapToObj(row -> generator.row(row).label())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(sizes.get(generator.leaves().get(0).path())).isBetween(1_150L, 1_250L);
        // 800 rows and 10,000 classes, and a copy now and then
        assertThat(sizes).hasSizeGreaterThan(700);
    }

    @Test
    void refusesSizesThatAreNone() {
        assertThatThrownBy(() -> new ClassSizes(0.5, 0))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot generate a catalog: found a largest class of 0.5 times the smallest, expected 1 to"
                        + " 1000000.0. Set another ratio.");
        assertThatThrownBy(() -> new ClassSizes(210, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot generate a catalog: found a hot share of 1.0, expected 0 to 0.99."
                        + " Set another hot share.");
        assertThatThrownBy(() -> new ClassSizes(210, Double.NaN)).isInstanceOf(UserException.class);
    }
}
