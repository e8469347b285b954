package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final int[] LENGTHS = new Random(5).ints(5_003, 5, 95).toArray();

    @Test
    void takeEveryRowOnce() {
        List<int[]> batches = Batches.shuffled(LENGTHS, 32, 1, 1);

        assertThat(batches).hasSize(157);
        assertThat(rows(batches).sorted().toArray())
                .isEqualTo(IntStream.range(0, 5_003).toArray());
    }

    @Test
    void areAPureFunctionOfSeedAndEpoch() {
        int[] rows = rows(Batches.shuffled(LENGTHS, 32, 1, 1)).toArray();

        assertThat(rows(Batches.shuffled(LENGTHS, 32, 1, 1)).toArray()).isEqualTo(rows);
        assertThat(rows(Batches.shuffled(LENGTHS, 32, 1, 2)).toArray()).isNotEqualTo(rows);
        assertThat(rows(Batches.shuffled(LENGTHS, 32, 2, 1)).toArray()).isNotEqualTo(rows);
    }

    @Test
    void needLittlePadding() {
        long tokens = Arrays.stream(LENGTHS).asLongStream().sum();

        assertThat(padded(Batches.shuffled(LENGTHS, 32, 1, 1))).isLessThan(tokens * 106 / 100);
    }

    @Test
    void doNotComeInOrderOfLength() {
        int[] lengths = Batches.shuffled(LENGTHS, 32, 1, 1).stream()
                .mapToInt(b -> LENGTHS[b[0]])
                .toArray();
        long rises = IntStream.range(1, lengths.length)
                .filter(i -> lengths[i] >= lengths[i - 1])
                .count();

        assertThat(rises).isBetween(lengths.length / 3L, lengths.length * 2L / 3);
    }

    @Test
    void ofValidationAreSortedByLength() {
        List<int[]> batches = Batches.byLength(LENGTHS, 64);

        assertThat(rows(batches).map(row -> LENGTHS[row]).toArray()).isSorted();
        assertThat(rows(batches).distinct().count()).isEqualTo(5_003);
    }

    @Test
    void arePaddedWithZerosThatTheMaskHides() {
        PaddedBatch batch =
                PaddedBatch.of(new TokenRows(new int[][] {{7, 8, 9}, {5}, {7, 6}}, new int[3], 2), new int[] {2, 1});

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.tokens()).isEqualTo(2);
        assertThat(batch.ids()).containsExactly(7, 6, 5, 0);
        assertThat(batch.mask()).containsExactly(1, 1, 1, 0);
        assertThat(batch.distinctIds().toArray()).containsExactly(5, 6, 7);
    }

    private static IntStream rows(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream);
    }

    private static long padded(List<int[]> batches) {
        return batches.stream()
                .mapToLong(b -> b.length
                        * (long) Arrays.stream(b).map(row -> LENGTHS[row]).max().orElseThrow())
                .sum();
    }
}
