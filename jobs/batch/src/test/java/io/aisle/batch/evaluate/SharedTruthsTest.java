package io.aisle.batch.evaluate;

import static io.aisle.batch.HandMadeBundle.LAMPS;
import static io.aisle.batch.HandMadeBundle.OTHER_TOOLS;
import static io.aisle.batch.HandMadeBundle.TEA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.HandMadeBundle.Variant;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.CategoryPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedTruthsTest {
    private static final CategoryPath SAWS = CategoryPath.of("Tools", "Saws");
    private static final CategoryPath OTHER = CategoryPath.of("other");

    @TempDir
    Path temporary;

    @Test
    void labelsThatEitherFoldsTogetherAreOneClass() {
        ModelBundle finer = bundle("finer", List.of(TEA, SAWS, OTHER_TOOLS), Map.of());
        ModelBundle coarser = bundle("coarser", List.of(OTHER_TOOLS, TEA), Map.of(SAWS, OTHER_TOOLS));

        for (SharedTruths truths : List.of(new SharedTruths(finer, coarser), new SharedTruths(coarser, finer))) {
            assertThat(truths.classes()).containsExactlyInAnyOrder("Grocery > Tea", "Tools > other");
            assertThat(classOf(truths, SAWS)).isEqualTo("Tools > other").isEqualTo(classOf(truths, OTHER_TOOLS));
        }
    }

    @Test
    void followsOneModelsFoldWithTheOthers() {
        ModelBundle first = bundle("first", List.of(TEA, OTHER_TOOLS), Map.of(SAWS, OTHER_TOOLS));
        ModelBundle second = bundle("second", List.of(TEA, OTHER), Map.of(OTHER_TOOLS, OTHER));

        for (SharedTruths truths : List.of(new SharedTruths(first, second), new SharedTruths(second, first))) {
            assertThat(classOf(truths, SAWS)).isEqualTo("other");
        }
    }

    @Test
    void labelThatOneDoesNotKnowIsAClassOfItsOwn() {
        ModelBundle candidate = bundle("candidate", List.of(TEA, SAWS), Map.of());
        ModelBundle champion = bundle("champion", List.of(LAMPS, TEA), Map.of());

        SharedTruths truths = new SharedTruths(candidate, champion);

        assertThat(truths.classes()).containsExactly("Grocery > Tea", "Tools > Saws", "Home > Lamps");
        // the candidate's truths come first, so that its own numbers stay as they are
        assertThat(truths.numbers()).isEqualTo(Map.of("Grocery > Tea", 0, "Tools > Saws", 1, "Home > Lamps", 2));
        assertThat(truths.candidateLabels()).containsExactly(0, 1);
        assertThat(truths.championLabels()).containsExactly(2, 0);
    }

    @Test
    void refusesFoldsThatGoRoundInACircle() {
        ModelBundle one = bundle("one", List.of(TEA, LAMPS), Map.of(SAWS, LAMPS));
        ModelBundle other = bundle("other", List.of(TEA, SAWS), Map.of(LAMPS, SAWS));

        assertThatThrownBy(() -> new SharedTruths(
                        bundle("three", List.of(TEA, LAMPS), Map.of(SAWS, LAMPS, OTHER_TOOLS, TEA)),
                        bundle("four", List.of(OTHER_TOOLS, SAWS), Map.of(LAMPS, OTHER_TOOLS, TEA, SAWS))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("expected folds that lead to one label. Prepare the candidate's data with the"
                        + " champion's --min-class-size, and train it again.");
        // a circle of two labels only says that they are one class
        assertThat(new SharedTruths(one, other).classes()).hasSize(2);
    }

    private static String classOf(SharedTruths truths, CategoryPath path) {
        return truths.classes().get(truths.classOfTruth()[truths.numbers().get(path.toString())]);
    }

    private ModelBundle bundle(String name, List<CategoryPath> labels, Map<CategoryPath, CategoryPath> folds) {
        return HandMadeBundle.write(
                temporary.resolve(name), new Variant(labels, folds, Map.of(), List.of("tea"), 1, Map.of()));
    }
}
