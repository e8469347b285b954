package io.aisle.core.model;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Texts beside others of about their length, so that next to no padding is computed. */
public final class LengthBatches {
    /** The share of a batch's tokens that may be padding: on a CPU a call more costs less than that. */
    private static final double MAX_PADDING = 0.03;

    /** Tokens of padding that are always allowed: in a batch of few short texts they cost less than a call more. */
    private static final int FREE_PADDING = 8;

    private LengthBatches() {}

    /**
     * The texts, the shortest first, in batches that end when they are full, or when the next text would have the others padded too much.
     *
     * @param texts the ids of each
     * @param batchSize texts a batch has at most
     */
    public static List<List<IntBuffer>> of(Collection<IntBuffer> texts, int batchSize) {
        List<IntBuffer> sorted = texts.stream()
                .sorted(Comparator.comparingInt(IntBuffer::remaining))
                .toList();
        List<List<IntBuffer>> batches = new ArrayList<>();
        for (int start = 0; start < sorted.size(); ) {
            int end = end(sorted, start, batchSize);
            batches.add(sorted.subList(start, end));
            start = end;
        }
        return batches;
    }

    private static int end(List<IntBuffer> sorted, int start, int batchSize) {
        int tokens = 0;
        int end = start;
        while (end < Math.min(start + batchSize, sorted.size())) {
            int longest = sorted.get(end).remaining();
            tokens += longest;
            int padding = (end - start + 1) * longest - tokens;
            if (padding > Math.max(FREE_PADDING, MAX_PADDING * tokens)) {
                break;
            }
            end++;
        }
        return end;
    }
}
