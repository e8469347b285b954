package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The word lists keep the promises that labels readable from text rest on. */
class LeafCatalogTest {
    private static final Words WORDS = Words.load();
    private static final List<Leaf> LEAVES =
            LeafCatalog.of(40, ClassSizes.STANDARD, WORDS).leaves();

    @ParameterizedTest
    @ValueSource(ints = {24, 25, 40, 41, 300, 32_000})
    void hasAsManyClassesAsAskedWithAllPathsDifferent(int classes) {
        List<Leaf> leaves = LeafCatalog.of(classes, ClassSizes.STANDARD, WORDS).leaves();

        assertThat(leaves.stream().map(Leaf::path)).hasSize(classes).doesNotHaveDuplicates();
        assertThat(leaves).allSatisfy(leaf -> assertThat(leaf.path().depth()).isEqualTo(3));
        assertThat(leaves.stream().mapToDouble(Leaf::share).sum()).isCloseTo(1, Offset.offset(1e-9));
        assertThat(leaves.get(0).share() / leaves.get(classes - 1).share()).isGreaterThanOrEqualTo(200);
    }

    @Test
    void lastClassOfAnOddNumberHasNoPartnerAndLeavesNothingToOrder() {
        Leaf last = LeafCatalog.of(25, ClassSizes.STANDARD, WORDS).leaves().get(24);

        assertThat(last.partnerNouns()).isEmpty();
        assertThat(last.orderFactor()).isZero();
    }

    @Test
    void oneLeafNameStandsUnderSeveralParents() {
        assertThat(LEAVES.stream().map(Leaf::path).filter(path -> path.leaf().equals("Cases")))
                .hasSize(3);
    }

    @Test
    void noPhraseOfALeafIsPartOfWhatAnotherLeafSays() {
        for (Leaf leaf : LEAVES) {
            String others = LEAVES.stream()
                    .filter(other -> !other.path().equals(leaf.path()))
                    .flatMap(other -> Stream.of(
                                    other.names(), other.traits(), other.uses(), other.adjectives(), other.shared())
                            .flatMap(List::stream))
                    .collect(Collectors.joining(" | ", " ", " "));
            assertThat(Stream.of(leaf.names(), leaf.traits(), leaf.uses()).flatMap(List::stream))
                    .noneMatch(phrase -> others.contains(" " + phrase + " "));
        }
    }

    @Test
    void nounsOfAPairNeverHoldOneAnother() {
        for (int i = 0; i < LEAVES.size(); i++) {
            List<String> others = LEAVES.get(i ^ 1).nouns();
            assertThat(LEAVES.get(i).partnerNouns()).isEqualTo(others);
            for (String noun : LEAVES.get(i).nouns()) {
                assertThat(others).as(noun).noneMatch(other -> (" " + other + " ").contains(" " + noun + " "));
            }
        }
    }

    @Test
    void someNounsNameProductsOfSeveralDepartments() {
        Map<String, Long> uses = LEAVES.stream()
                .flatMap(leaf -> leaf.nouns().stream())
                .collect(Collectors.groupingBy(noun -> noun, Collectors.counting()));

        assertThat(uses).containsEntry("case", 3L).containsEntry("filter", 3L).containsEntry("stand", 2L);
    }

    @Test
    void wordsAroundNounsAreNoNounsThemselves() {
        Set<String> nouns =
                LEAVES.stream().flatMap(leaf -> leaf.nouns().stream()).collect(Collectors.toSet());
        Stream<String> around = Stream.concat(
                LEAVES.stream().flatMap(leaf -> leaf.adjectives().stream()),
                Stream.of(WORDS.colours(), WORDS.adjectives(), WORDS.variants()).flatMap(List::stream));

        assertThat(around.flatMap(phrase -> Stream.of(phrase.split(" ", -1)))).doesNotContainAnyElementsOf(nouns);
    }

    @Test
    void variantsAreWordsThatNoHandWrittenClassSays() {
        Set<String> said = new HashSet<>();
        for (Leaf leaf : LEAVES) {
            Stream.of(leaf.names(), leaf.nouns(), leaf.traits(), leaf.uses(), leaf.adjectives(), leaf.shared())
                    .flatMap(List::stream)
                    .forEach(phrase -> said.addAll(List.of(phrase.split(" ", -1))));
        }

        assertThat(WORDS.variants()).doesNotHaveDuplicates().doesNotContainAnyElementsOf(said);
        assertThat(WORDS.variants()).doesNotContainAnyElementsOf(WORDS.adjectives());
    }

    @Test
    void relationsStandBeforeAndAfterTheProduct() {
        Map<Boolean, Long> frames = WORDS.orderTitles().stream()
                .map(frame -> frame.fill(slot -> slot.name()))
                .collect(Collectors.partitioningBy(
                        title -> title.indexOf("NOUN") < title.indexOf("PARTNER"), Collectors.counting()));

        assertThat(frames).containsEntry(true, 7L).containsEntry(false, 7L);
    }
}
