package io.aisle.core.ngram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AscendingNumbersTest {
    @Test
    void whatWentInComesOutOnceInOrderAndLeavesNothing() {
        Random random = new Random(7);
        for (int bound : new int[] {1, 63, 64, 65, 4_096, 4_097, 300_000}) {
            AscendingNumbers numbers = new AscendingNumbers(bound);
            for (int round = 0; round < 5; round++) {
                SortedSet<Integer> expected = new TreeSet<>();
                expected.add(bound - 1);
                numbers.add(bound - 1);
                for (int i = 0; i < random.nextInt(2_000); i++) {
                    int number = random.nextInt(bound);
                    expected.add(number);
                    numbers.add(number);
                }
                int[] drained = new int[expected.size()];
                numbers.drain(drained);

                assertThat(drained)
                        .as("bound %d", bound)
                        .containsExactly(
                                expected.stream().mapToInt(Integer::intValue).toArray());
            }
        }
    }

    @Test
    void holdsNothingWhereThereIsNoNumber() {
        int[] none = new int[0];
        new AscendingNumbers(0).drain(none);
        new AscendingNumbers(100).drain(none);
    }
}
