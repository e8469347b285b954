package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PretrainerTest {
    private static final int CLS = 2;
    private static final int SEP = 3;
    private static final int FIRST_WORD = 5;
    private static final int PAIRS = 6;
    static final Masking MASKING = new Masking(0.15, 4, List.of(0, 1, CLS, SEP, 4));
    static final DistilBertConfig CONFIG = new DistilBertConfig(FIRST_WORD + 2 * PAIRS, 6, 32, 2, 2, 64, Pooling.MEAN);
    private static final TokenRows TRAIN = pairs(400, 1);
    private static final TokenRows VALIDATION = pairs(100, 2);

    @Test
    void learnsALanguageInWhichTheNeighbourDecidesAWord() {
        BestEpoch trained = fit(Plans.of(20, 16, 3e-3, 7).plan(), TRAIN, VALIDATION);

        assertThat(trained.history().get(0).validationLoss()).isGreaterThan(1.5);
        assertThat(trained.result().validationLoss()).isLessThan(0.5);
        assertThat(trained.result().metrics().get("masked_accuracy")).isGreaterThan(0.9);
        assertThat(trained.result().score()).isEqualTo(-trained.result().validationLoss());
    }

    @Test
    void givesTheEncoderWithoutTheHead() throws IOException {
        BestEpoch trained = fit(Plans.of(1, 16, 3e-3, 7).plan(), TRAIN, VALIDATION);

        DistilBertWeights.checkEncoder(CONFIG, trained.weights());
        assertThat(trained.weights().get(DistilBertWeights.WORD_EMBEDDINGS).values())
                .isNotEqualTo(initial().get(DistilBertWeights.WORD_EMBEDDINGS).values());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        trained.writeTo(out);
        assertThat(BestEpoch.read(new ByteArrayInputStream(out.toByteArray())))
                .usingRecursiveComparison()
                .isEqualTo(trained);
    }

    @Test
    void movesEveryWordSinceEachIsAPossibleAnswer() {
        TokenRows few = new TokenRows(new int[][] {{CLS, FIRST_WORD, FIRST_WORD + 1, SEP}}, new int[1], 0);
        float[] before = initial().get(DistilBertWeights.WORD_EMBEDDINGS).values();

        float[] after = fit(Plans.of(1, 1, 1e-2, 7).warmup(0).plan(), few, few)
                .weights()
                .get(DistilBertWeights.WORD_EMBEDDINGS)
                .values();

        for (int id = 0; id < CONFIG.vocabularySize(); id++) {
            assertThat(after[id * CONFIG.dim()]).as("word " + id).isNotEqualTo(before[id * CONFIG.dim()]);
        }
    }

    @Test
    void refusesRowsInWhichNothingCanBeHidden() {
        TokenRows empty = new TokenRows(new int[][] {{CLS, SEP}, {CLS, 1, SEP}}, new int[2], 0);

        assertThatThrownBy(() -> fit(Plans.of(1, 16, 3e-3, 7).plan(), TRAIN, empty))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: found 2 validation rows, expected at least 1 with a word of the vocabulary;"
                        + " take more rows, or another vocabulary");
    }

    @Test
    void refusesWeightsOfAnotherHead() {
        SortedMap<String, Tensor> classifier = InitialWeights.random(CONFIG, 2, 1);

        assertThatThrownBy(() -> fit(classifier, Plans.of(1, 16, 3e-3, 7).plan(), TRAIN, VALIDATION))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("unknown weight classifier.");
        assertThatThrownBy(() -> fit(
                        InitialWeights.encoder(CONFIG, 1),
                        Plans.of(1, 16, 3e-3, 7).plan(),
                        TRAIN,
                        VALIDATION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot guess word pieces: found the weights [] of the head");
    }

    /** Two pairs a row; the first word of a pair is one of six, and the second is its own. */
    static TokenRows pairs(int rows, long seed) {
        Random random = new Random(seed);
        int[][] sequences = new int[rows][];
        for (int row = 0; row < rows; row++) {
            int first = FIRST_WORD + random.nextInt(PAIRS);
            int second = FIRST_WORD + random.nextInt(PAIRS);
            sequences[row] = new int[] {CLS, first, first + PAIRS, second, second + PAIRS, SEP};
        }
        return new TokenRows(sequences, new int[rows], 0);
    }

    static SortedMap<String, Tensor> initial() {
        SortedMap<String, Tensor> weights = new TreeMap<>(InitialWeights.encoder(CONFIG, 1));
        weights.putAll(InitialWeights.maskedLanguageHead(CONFIG, 1));
        return weights;
    }

    private static BestEpoch fit(TrainingPlan plan, Examples train, Examples validation) {
        return fit(initial(), plan, train, validation);
    }

    private static BestEpoch fit(
            SortedMap<String, Tensor> initial, TrainingPlan plan, Examples train, Examples validation) {
        return new Pretrainer(1, Device.CPU)
                .fit(
                        CONFIG,
                        initial,
                        plan,
                        MASKING,
                        train,
                        validation,
                        Checkpoints.NONE,
                        "pairs",
                        ProgressListener.SILENT);
    }
}
