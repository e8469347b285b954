package io.aisle.batch.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.product.CategoryPath;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClassFoldingTest {
    @Test
    void foldsRareClassesBesideThemselvesFirst() {
        assertThat(ClassFolding.fold(
                        Map.of("a > x", 100L, "a > y", 60L, "a > z", 40L, "b > x", 99L, "b > y", 100L), 100))
                .as("y and z together are large enough; x of b stands alone, so it goes on to the root")
                .isEqualTo(Map.of("a > y", "a > other", "a > z", "a > other", "b > x", "other"));
    }

    @Test
    void countsAgainOnEveryLevel() {
        // a > b > other has 3 of 10, so it joins a > c and a > d in a > other, which has 12
        Map<String, Long> counts =
                Map.of("a > b > x", 1L, "a > b > y", 2L, "a > c", 4L, "a > d", 5L, "a > e", 10L, "b", 9L);

        assertThat(ClassFolding.fold(counts, 10))
                .isEqualTo(Map.of(
                        "a > b > x", "a > other",
                        "a > b > y", "a > other",
                        "a > c", "a > other",
                        "a > d", "a > other",
                        "b", "other"));
    }

    @Test
    void aNodeWithRowsOfItsOwnIsAClassBesideItsChildren() {
        // the rows on a > b itself are of level 2: its children's other lies below it, and is none of them
        Map<String, Long> counts = Map.of("a > b", 3L, "a > b > x", 6L, "a > b > y", 5L, "a > c", 20L);

        assertThat(ClassFolding.fold(counts, 10))
                .isEqualTo(Map.of("a > b > x", "a > b > other", "a > b > y", "a > b > other", "a > b", "other"));
    }

    @Test
    void classesThatAreCalledOtherGatherLikeTheRest() {
        assertThat(ClassFolding.fold(Map.of("a > other", 8L, "a > x", 2L, "a > y", 50L, "b > other", 9L), 10))
                .as("a > other grows to 10 and stays, b > other does not")
                .isEqualTo(Map.of("a > x", "a > other", "b > other", "other"));
    }

    @Test
    void theRootStaysHoweverSmall() {
        assertThat(ClassFolding.fold(Map.of("a", 1L, "b > c", 1L), 100))
                .isEqualTo(Map.of("a", "other", "b > c", "other"));
        assertThat(ClassFolding.fold(Map.of("other", 1L), 100)).isEmpty();
    }

    @Test
    void namesWithSeparatorsKeepTheirLevels() {
        assertThat(ClassFolding.fold(Map.of("a \\> b > c", 1L, "a \\> b > d", 9L), 10))
                .isEqualTo(Map.of("a \\> b > c", "a \\> b > other", "a \\> b > d", "a \\> b > other"));
    }

    @Test
    void nothingIsFoldedWhereEveryClassIsLargeEnough() {
        assertThat(ClassFolding.fold(Map.of("a", 1L, "a > b", 5L), 1)).isEmpty();
        assertThat(ClassFolding.fold(Map.of(), 100)).isEmpty();
    }

    @Test
    void whatIsLeftIsLargeEnoughAndNoRowIsLost() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 500; round++) {
            Map<String, Long> counts = new HashMap<>();
            for (int i = 0; i < 30; i++) {
                StringBuilder path = new StringBuilder("r" + random.nextInt(3));
                for (int depth = random.nextInt(4); depth > 0; depth--) {
                    path.append(" > ").append(random.nextInt(5) == 0 ? "other" : "n" + random.nextInt(3));
                }
                counts.put(path.toString(), 1L + random.nextInt(40));
            }
            Map<String, String> folded = ClassFolding.fold(counts, 25);
            Map<String, Long> after = new TreeMap<>();
            counts.forEach((label, rows) -> after.merge(folded.getOrDefault(label, label), rows, Long::sum));

            assertThat(after.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(
                            counts.values().stream().mapToLong(Long::longValue).sum());
            after.forEach((label, rows) -> assertThat(rows >= 25 || label.equals("other"))
                    .as("%s has %d rows", label, rows)
                    .isTrue());
            folded.forEach((from, to) -> {
                assertThat(CategoryPath.parse(to).leaf()).isEqualTo("other");
                assertThat(folded).as("ends").doesNotContainKey(to);
            });
        }
    }
}
