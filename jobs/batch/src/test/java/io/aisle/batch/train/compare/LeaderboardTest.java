package io.aisle.batch.train.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.train.compare.Leaderboard.Choice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which model is chosen, by costs alone: what is measured of rows is in the test of the job. */
class LeaderboardTest {
    @Test
    void firstCriterionDecides() {
        assertThat(winner(List.of(Criterion.INFERENCE), cheap("fast", 900, 50), cheap("slow", 100, 5)))
                .isEqualTo("fast");
        assertThat(winner(List.of(Criterion.SIZE), cheap("fast", 900, 50), cheap("slow", 100, 5)))
                .isEqualTo("slow");
    }

    @Test
    void nextCriterionDecidesAmongEquals() {
        Leaderboard board = board(
                List.of(Criterion.INFERENCE, Criterion.SIZE),
                cheap("fast", 1_000, 50),
                cheap("near", 950, 5),
                cheap("slow", 800, 1));

        Choice choice = board.choice().orElseThrow();

        assertThat(choice.winner().kind()).isEqualTo("near");
        assertThat(choice.reasons())
                .containsExactly(
                        "by inference fast is best (1,000), and as good: near (950), within 10%; behind: slow (800)",
                        "by size near is best (5.0000); behind: fast (50.0000)");
    }

    @Test
    void whatFailedIsNotChosenAndIsTold() {
        Leaderboard board = board(
                List.of(Criterion.TRAINING),
                Entrant.failed("broken", "found <nothing> & more", 0.1),
                cheap("well", 1, 1));

        assertThat(board.choice().orElseThrow().winner().kind()).isEqualTo("well");
        assertThat(board.failed()).extracting(Entrant::kind).containsExactly("broken");
    }

    @Test
    void nothingIsChosenWhereAllFailed() {
        Leaderboard board = board(List.of(Criterion.AUC), Entrant.failed("broken", "found <b>nothing</b>", 1));

        assertThat(board.choice()).isEmpty();
        assertThat(board.table()).isEmpty();
        assertThat(board.numbers())
                .containsEntry("winner", null)
                .containsEntry("models", List.of())
                .containsEntry("reasons", List.of())
                .containsEntry("failed", List.of(Map.of("kind", "broken", "reason", "found <b>nothing</b>")));
    }

    /** Of 100 rows both had 80 right, the first alone 15, the second alone 2. */
    @Test
    void comparesModelsByTheRowsThatOneAloneHadRight() {
        Agreement agreement = new Agreement(Map.of(0b11L, 80L, 0b01L, 15L, 0b10L, 2L, 0b00L, 3L));

        assertThat(agreement.test(0, 1).onlyFirst()).isEqualTo(15);
        assertThat(agreement.test(0, 1).onlySecond()).isEqualTo(2);
        assertThat(agreement.test(0, 1).pValue()).isLessThan(Leaderboard.SIGNIFICANT);
        assertThat(agreement.test(1, 1).pValue()).isEqualTo(1);
    }

    /** Of 100 rows linear has 80 right, and the cascade 3 that linear has not, of which it loses 1. */
    @Test
    void takesLinearWhereACascadeIsNoBetter() {
        Choice choice = linearBeside("cascade", new Agreement(Map.of(0b11L, 79L, 0b01L, 1L, 0b10L, 3L, 0b00L, 17L)));

        assertThat(choice.winner().kind()).isEqualTo("linear");
        assertThat(choice.reasons())
                .containsExactly(
                        "by size cascade is best (1.0000); behind: linear (9.0000)",
                        "linear instead of cascade: accuracy 0.8000 against 0.8200, no difference by McNemar's test (p = 0.625),"
                                + " and no network to run");
    }

    @Test
    void takesLinearWhereItIsBetterThanTheCascade() {
        Choice choice = linearBeside("cascade", new Agreement(Map.of(0b11L, 70L, 0b01L, 20L, 0b00L, 10L)));

        assertThat(choice.winner().kind()).isEqualTo("linear");
        assertThat(choice.reasons().get(1)).contains("accuracy 0.9000 against 0.7000, better (p = 0.000)");
    }

    /** Of 100 rows the cascade alone has 15 right, linear alone 2. */
    @Test
    void takesTheCascadeWhereItIsBetter() {
        Agreement agreement = new Agreement(Map.of(0b11L, 80L, 0b10L, 15L, 0b01L, 2L, 0b00L, 3L));

        assertThat(linearBeside("cascade", agreement).winner().kind()).isEqualTo("cascade");
        assertThat(linearBeside("cascade", agreement).reasons()).hasSize(1);
    }

    @Test
    void takesAnyOtherWinnerAsItIs() {
        assertThat(linearBeside("bag", new Agreement(Map.of(0b11L, 79L, 0b10L, 3L, 0b00L, 17L)))
                        .winner()
                        .kind())
                .isEqualTo("bag");
    }

    /** The other is the smaller, and so wins by size. */
    private static Choice linearBeside(String other, Agreement agreement) {
        return new Leaderboard(
                        List.of(cheap("linear", 1, 9), cheap(other, 1, 1)),
                        agreement,
                        List.of(Criterion.SIZE),
                        Map.of(),
                        Optional.empty())
                .choice()
                .orElseThrow();
    }

    private static String winner(List<Criterion> chooseBy, Entrant... entrants) {
        return board(chooseBy, entrants).choice().orElseThrow().winner().kind();
    }

    private static Leaderboard board(List<Criterion> chooseBy, Entrant... entrants) {
        return new Leaderboard(
                List.of(entrants), new Agreement(Map.of()), chooseBy, Map.of("evaluated", 100L), Optional.empty());
    }

    private static Entrant cheap(String kind, double rowsPerSecond, long modelBytes) {
        return new Entrant(kind, "0", Optional.of(MeasuredNothing.REPORT), "", 1, rowsPerSecond, modelBytes, 1);
    }
}
