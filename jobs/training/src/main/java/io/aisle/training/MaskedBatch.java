package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/**
 * Sequences side by side of which some pieces are hidden.
 *
 * @param padded as the network sees them
 * @param places [hidden], each row * tokens + place in the row
 * @param pieces [hidden], the ids that were there
 */
record MaskedBatch(PaddedBatch padded, long[] places, long[] pieces) {

    /** {@code randoms} gives what each row draws from, by its place among the rows. */
    static MaskedBatch of(Examples examples, int[] rows, Masker masker, IntFunction<Random> randoms) {
        PaddedBatch padded = PaddedBatch.of(examples, rows);
        LongStream.Builder places = LongStream.builder();
        LongStream.Builder pieces = LongStream.builder();
        for (int i = 0; i < rows.length; i++) {
            Masker.Hidden hidden = masker.hide(examples.tokenIds(rows[i]), randoms.apply(i));
            for (int j = 0; j < hidden.places().length; j++) {
                int place = i * padded.tokens() + hidden.places()[j];
                places.add(place);
                pieces.add(padded.ids()[place]);
                padded.ids()[place] = hidden.shown()[j];
            }
        }
        return new MaskedBatch(padded, places.build().toArray(), pieces.build().toArray());
    }

    /** int64 [hidden]. */
    NDArray places(NDManager manager) {
        return manager.create(places);
    }

    /** int64 [hidden, 1]. */
    NDArray pieces(NDManager manager) {
        return manager.create(pieces, new Shape(pieces.length, 1));
    }
}
