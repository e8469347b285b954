package io.aisle.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBudgetTest {
    private static final double[] STANDARD = {0.30, 0.05, 0.40, 0.25};

    @Test
    void givesAllNeedsWhereThereIsRoom() {
        assertThat(TokenBudget.divide(new int[] {10, 1, 60, 29}, STANDARD, 100)).containsExactly(10, 1, 60, 29);
        assertThat(TokenBudget.divide(new int[] {0, 0, 0, 0}, STANDARD, 100)).containsExactly(0, 0, 0, 0);
        assertThat(TokenBudget.divide(new int[0], new double[0], 14)).isEmpty();
    }

    /** 4 go first, one a field; the title takes 9 more; of 87 left, 40/65 is 53.5 and 25/65 is 33.5. */
    @Test
    void passesOnWhatShortFieldsLeave() {
        assertThat(TokenBudget.divide(new int[] {10, 1, 1000, 100}, STANDARD, 100))
                .containsExactly(10, 1, 55, 34);
    }

    /** 2 go first; each has a share of 5 of the other 9, so that the first gets the odd one. */
    @Test
    void givesFractionsToTheEarlierOfEqualFields() {
        assertThat(TokenBudget.divide(new int[] {20, 20}, new double[] {0.5, 0.5}, 11))
                .containsExactly(6, 5);
    }

    @Test
    void givesEveryFieldOneTokenHoweverSmallItsShare() {
        assertThat(TokenBudget.divide(new int[] {90, 7, 90, 90}, new double[] {1, 1e-9, 1, 1}, 11))
                .containsExactly(4, 1, 3, 3);
    }

    @Test
    void countsOnlyTheProportionOfShares() {
        int[] needs = {50, 40, 300, 200};
        assertThat(TokenBudget.divide(needs, new double[] {30, 5, 40, 25}, 120))
                .isEqualTo(TokenBudget.divide(needs, STANDARD, 120));
    }

    @Test
    void givesTheWholeRoomAndNoFieldMoreThanItsNeed() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            int fields = 1 + random.nextInt(4);
            int[] needs = random.ints(fields, 0, 1 + random.nextInt(300)).toArray();
            double[] shares = random.doubles(fields, 0.001, 1).toArray();
            int room = fields + random.nextInt(500);

            int[] budgets = TokenBudget.divide(needs, shares, room);

            assertThat(Arrays.stream(budgets).sum())
                    .isEqualTo(Math.min(room, Arrays.stream(needs).sum()));
            for (int field = 0; field < fields; field++) {
                assertThat(budgets[field]).isBetween(Math.min(1, needs[field]), needs[field]);
            }
        }
    }
}
