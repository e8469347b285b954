package io.aisle.batch.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScoringTest {
    @Test
    void everyCoreHasAsManyTasksOfAtMostTenThousandRows() {
        assertThat(Scoring.tasks(0, 2)).isEqualTo(2);
        assertThat(Scoring.tasks(999, 2)).isEqualTo(2);
        assertThat(Scoring.tasks(4_000, 2)).as("whole windows").isEqualTo(4);
        assertThat(Scoring.tasks(60_000, 2)).as("four a core").isEqualTo(8);
        assertThat(Scoring.tasks(80_001, 2)).as("ten thousand rows a task").isEqualTo(10);
        assertThat(Scoring.tasks(1_200_000, 64)).isEqualTo(256);
        assertThat(Scoring.tasks(100_000_000, 64)).isEqualTo(10_048);
    }
}
