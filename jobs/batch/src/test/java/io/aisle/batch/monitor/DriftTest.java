package io.aisle.batch.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.monitor.Runs.Drawn;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DriftTest {
    private static final int ROWS = 20_000;

    private final List<Drawn> before = Runs.draw(ROWS, 1);
    private final List<Drawn> now = Runs.draw(ROWS, 2);

    @Test
    void namesFieldThatIsEmptiedInHalfTheRowsAndNothingElse() {
        Random random = new Random(3);
        Drift drift = drift(row -> random.nextBoolean()
                ? row.withFilled(row.filled().stream()
                        .filter(field -> !field.equals("brand"))
                        .toList())
                : row);

        assertThat(drift.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.sentence()).matches("brand is filled in 4[78]\\.\\d% of rows, 9[56]\\.\\d% before");
        });
    }

    @Test
    void namesCategoryWithNewVocabularyAndNothingElse() {
        Drift drift = drift(row -> row.category() == 7 ? row.withUnknown(row.words() / 3) : row);

        assertThat(drift.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.subject()).isEqualTo(Runs.path(7));
            assertThat(finding.sentence())
                    .matches("category Shop > Category 7 has words that training never saw:"
                            + " 3\\d\\.\\d% of its words, \\d\\.\\d% before");
        });
    }

    @Test
    void namesCategoryThatDoubledAndNothingElse() {
        List<Drawn> doubled = new ArrayList<>(now);
        now.stream().filter(row -> row.category() == 12).forEach(doubled::add);

        Drift drift = Runs.drift(doubled, before);

        assertThat(drift.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.WARN);
            assertThat(finding.sentence())
                    .matches("category Shop > Category 12 doubled: \\d\\.\\d% to \\d\\.\\d% of rows");
        });
    }

    @Test
    void namesCategoriesThatAreNewAndGone() {
        Drift drift = drift(row -> row.category() == 5 ? row.withCategory(99) : row);

        assertThat(drift.findings())
                .extracting(Difference::sentence)
                .anyMatch(sentence -> sentence.startsWith("category Shop > Category 99 is new: 0.0% to "))
                .anyMatch(sentence -> sentence.startsWith("category Shop > Category 5 is gone: "));
        assertThat(drift.level()).isEqualTo(Level.FAIL);
    }

    @Test
    void namesReviewThatJumpedAndNothingElse() {
        Random random = new Random(4);
        Drift drift = drift(row -> random.nextInt(10) < 2 ? row.inReview() : row);

        assertThat(drift.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.sentence()).matches("\\d+\\.\\d% of rows go to review, \\d+\\.\\d% before");
        });
    }

    @Test
    void largeDifferenceOfFewRowsIsChance() {
        List<Drawn> few = Runs.draw(20, 5);
        List<Drawn> others = Runs.draw(20, 6);

        Drift drift = Runs.drift(few, others);

        assertThat(drift.effect("categories", "psi")).isNotNegative();
        assertThat(drift.effect("confidence", "psi")).isGreaterThan(0.25);
        assertThat(drift.findings()).isEmpty();
    }

    @Test
    void rowsThatHalvedFailWhateverChance() {
        assertThat(Runs.drift(now.subList(0, ROWS / 2), before).findings())
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.sentence()).isEqualTo("the run has 10,000 rows, 20,000 before"));
    }

    private Drift drift(UnaryOperator<Drawn> fault) {
        return Runs.drift(now.stream().map(fault).toList(), before);
    }
}
