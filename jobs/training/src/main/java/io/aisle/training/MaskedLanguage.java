package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Learns to guess the word pieces that are hidden of a text (Devlin et al. 2019, section 3.1, task 1). Labels are not looked at. Rows in
 * which nothing can be hidden are passed over.
 */
final class MaskedLanguage implements Objective {
    private static final int VALIDATION_BATCH_SIZE = 32;

    /** What is hidden of a validation row is the same in every epoch and training. */
    private static final long VALIDATION_SEED = 0;

    private final NDManager manager;
    private final DistilBertNetwork network;
    private final Masker masker;
    private final int vocabularySize;
    private final Examples train;
    private final Examples validation;
    private final int[] trainRows;
    private final int[] validationRows;

    /** @param manager of the network, for arrays that a validation makes */
    MaskedLanguage(
            NDManager manager,
            DistilBertNetwork network,
            Masking masking,
            int vocabularySize,
            Examples train,
            Examples validation) {
        this.manager = manager;
        this.network = network;
        this.masker = new Masker(masking, vocabularySize);
        this.vocabularySize = vocabularySize;
        this.train = train;
        this.validation = validation;
        this.trainRows = rows(train, masker);
        this.validationRows = rows(validation, masker);
    }

    /** The rows of which something can be hidden. */
    static int[] rows(Examples examples, Masker masker) {
        return IntStream.range(0, examples.size())
                .filter(row -> masker.canHide(examples.tokenIds(row)))
                .toArray();
    }

    @Override
    public int[] lengths() {
        return Arrays.stream(trainRows).map(train::length).toArray();
    }

    @Override
    public Loss loss(NDManager step, int[] rows, long seed) {
        MaskedBatch batch = batch(rows, seed);
        NDArray ofPieces = logits(step, batch, true).logSoftmax(-1).gather(batch.pieces(step), 1);
        // every word is a possible answer, so that each has a gradient
        return new Loss(ofPieces.mean().neg(), IntStream.range(0, vocabularySize));
    }

    /** Of some training rows, by their places in {@link #lengths}. */
    MaskedBatch batch(int[] rows, long seed) {
        Random random = new Random(seed);
        return MaskedBatch.of(
                train, Arrays.stream(rows).map(row -> trainRows[row]).toArray(), masker, place -> random);
    }

    /** Of the hidden places, [hidden, vocabularySize]. */
    NDArray logits(NDManager step, MaskedBatch batch, boolean training) {
        NDArray states = network.states(batch.padded().ids(step), batch.padded().mask(step), training);
        return MaskedLanguageHead.logits(network, states, batch.places(step), training);
    }

    @Override
    public Validation validate() {
        double logLikelihood = 0;
        long right = 0;
        long hidden = 0;
        int[] lengths = Arrays.stream(validationRows).map(validation::length).toArray();
        for (int[] chosen : Batches.byLength(lengths, VALIDATION_BATCH_SIZE)) {
            int[] rows = Arrays.stream(chosen).map(row -> validationRows[row]).toArray();
            try (NDManager batchManager = manager.newSubManager()) {
                MaskedBatch batch = MaskedBatch.of(
                        validation, rows, masker, place -> new Random(SplitMix64.seed(VALIDATION_SEED, rows[place])));
                NDArray logits = logits(batchManager, batch, false);
                float[] ofPieces = logits.logSoftmax(-1)
                        .gather(batch.pieces(batchManager), 1)
                        .toFloatArray();
                long[] guesses = logits.argMax(-1).toLongArray();
                for (int i = 0; i < guesses.length; i++) {
                    logLikelihood += ofPieces[i];
                    right += guesses[i] == batch.pieces()[i] ? 1 : 0;
                }
                hidden += guesses.length;
            }
        }
        double loss = -logLikelihood / hidden;
        return new Validation(
                loss,
                -loss,
                new TreeMap<>(Map.of("masked_accuracy", (double) right / hidden, "perplexity", Math.exp(loss))));
    }
}
