package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.UserException;
import io.aisle.training.Masker.Hidden;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskerTest {
    private static final int CLS = 2;
    private static final int SEP = 3;
    private static final int MASK = 4;
    private static final int VOCABULARY = 105;
    private static final Masker MASKER = new Masker(new Masking(0.15, MASK, List.of(0, 1, CLS, SEP, MASK)), VOCABULARY);

    /** [CLS], 40 words, [SEP]. */
    private static final int[] ROW = IntStream.concat(
                    IntStream.concat(IntStream.of(CLS), IntStream.range(5, 45)), IntStream.of(SEP))
            .toArray();

    @Test
    void choosesTheShareOfARowsWordsAndEachAtMostOnce() {
        Random random = new Random(1);
        int[] chosen = new int[ROW.length];
        for (int draw = 0; draw < 5_000; draw++) {
            Hidden hidden = MASKER.hide(ROW, random);
            assertThat(hidden.places()).hasSize(6).doesNotHaveDuplicates();
            Arrays.stream(hidden.places()).forEach(place -> chosen[place]++);
        }

        assertThat(chosen[0]).isZero();
        assertThat(chosen[ROW.length - 1]).isZero();
        // 750 expected, of deviation 25
        assertThat(Arrays.stream(chosen, 1, ROW.length - 1)).allMatch(count -> count > 620 && count < 880);
    }

    @Test
    void showsTheMaskInEightOfTenPlacesAnotherWordInOneAndTheWordItselfInOne() {
        Random random = new Random(2);
        int masks = 0;
        int same = 0;
        int others = 0;
        boolean[] seen = new boolean[VOCABULARY];
        for (int draw = 0; draw < 5_000; draw++) {
            Hidden hidden = MASKER.hide(ROW, random);
            for (int i = 0; i < hidden.places().length; i++) {
                int shown = hidden.shown()[i];
                if (shown == MASK) {
                    masks++;
                } else if (shown == ROW[hidden.places()[i]]) {
                    same++;
                } else {
                    others++;
                    seen[shown] = true;
                }
            }
        }

        assertThat(masks / 30_000.0).isCloseTo(0.8, within(0.01));
        // any of 100 words may be drawn, the word itself too
        assertThat(same / 30_000.0).isCloseTo(0.101, within(0.01));
        assertThat(others / 30_000.0).isCloseTo(0.099, within(0.01));
        assertThat(IntStream.range(0, VOCABULARY).filter(id -> seen[id]))
                .containsExactlyElementsOf(
                        IntStream.range(5, VOCABULARY).boxed().toList());
    }

    @Test
    void drawsTheSameForTheSameSeed() {
        Hidden hidden = MASKER.hide(ROW, new Random(7));

        assertThat(MASKER.hide(ROW, new Random(7))).usingRecursiveComparison().isEqualTo(hidden);
        assertThat(MASKER.hide(ROW, new Random(8)).places()).isNotEqualTo(hidden.places());
    }

    @Test
    void choosesOneWordOfAShortRowAndNoneWhereThereIsNone() {
        assertThat(MASKER.hide(new int[] {CLS, 9, SEP}, new Random(1)).places()).containsExactly(1);
        assertThat(MASKER.canHide(new int[] {CLS, 9, SEP})).isTrue();
        assertThat(MASKER.canHide(new int[] {CLS, 1, SEP})).isFalse();
    }

    @Test
    void refusesAShareThatHidesNothingOrAll() {
        assertThatThrownBy(() -> new Masking(0, MASK, List.of()))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: mask share: found 0.0, expected above 0 and under 1");
        assertThatThrownBy(() -> new Masking(1, MASK, List.of())).isInstanceOf(UserException.class);
    }
}
