package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthBatchesTest {
    private static IntBuffer text(int tokens) {
        return IntBuffer.wrap(IntStream.range(0, tokens).toArray());
    }

    private static List<Integer> lengths(List<IntBuffer> batch) {
        return batch.stream().map(IntBuffer::remaining).toList();
    }

    @Test
    void everyTextIsInOneBatchWithOthersOfItsLength() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            List<IntBuffer> texts = new ArrayList<>();
            for (int i = 0; i < random.nextInt(1_000); i++) {
                texts.add(text(1 + random.nextInt(512)));
            }

            List<List<IntBuffer>> batches = LengthBatches.of(texts, 8);

            assertThat(batches.stream().flatMap(List::stream).toList())
                    .containsExactlyElementsOf(texts.stream()
                            .sorted(Comparator.comparingInt(IntBuffer::remaining))
                            .toList());
            for (List<IntBuffer> batch : batches) {
                int tokens = batch.stream().mapToInt(IntBuffer::remaining).sum();
                int longest = batch.get(batch.size() - 1).remaining();
                assertThat(batch).hasSizeBetween(1, 8);
                assertThat(batch.size() * longest - tokens)
                        .as("padding of %s", lengths(batch))
                        .isLessThanOrEqualTo(Math.max(8, tokens * 3 / 100));
            }
        }
    }

    @Test
    void fewShortTextsShareACallAndLongOnesThatDifferDoNot() {
        assertThat(LengthBatches.of(List.of(text(9), text(12), text(10), text(11)), 8))
                .extracting(LengthBatchesTest::lengths)
                .containsExactly(List.of(9, 10, 11, 12));
        assertThat(LengthBatches.of(List.of(text(100), text(120), text(101), text(119)), 8))
                .extracting(LengthBatchesTest::lengths)
                .containsExactly(List.of(100, 101), List.of(119, 120));
    }
}
