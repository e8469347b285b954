package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sequences side by side, the shorter ones filled with id 0, which is [PAD].
 *
 * @param ids [rows * tokens], row-major
 * @param mask as ids, 1 for a token and 0 for padding
 */
record PaddedBatch(int rows, int tokens, long[] ids, float[] mask) {
    static PaddedBatch of(Examples examples, int[] rows) {
        int tokens = Arrays.stream(rows).map(examples::length).max().orElseThrow();
        long[] ids = new long[rows.length * tokens];
        float[] mask = new float[ids.length];
        for (int i = 0; i < rows.length; i++) {
            int[] sequence = examples.tokenIds(rows[i]);
            for (int j = 0; j < sequence.length; j++) {
                ids[i * tokens + j] = sequence[j];
                mask[i * tokens + j] = 1;
            }
        }
        return new PaddedBatch(rows.length, tokens, ids, mask);
    }

    /** int64 [rows, tokens]. */
    NDArray ids(NDManager manager) {
        return manager.create(ids, new Shape(rows, tokens));
    }

    /** float32 [rows, tokens]. */
    NDArray mask(NDManager manager) {
        return manager.create(mask, new Shape(rows, tokens));
    }

    /** The ids of tokens, ascending, each once; padding counts only where [PAD] is a token. */
    IntStream distinctIds() {
        return IntStream.range(0, ids.length)
                .filter(i -> mask[i] == 1)
                .map(i -> (int) ids[i])
                .distinct()
                .sorted();
    }
}
