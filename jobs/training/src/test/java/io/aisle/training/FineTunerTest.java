package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FineTunerTest {
    private static final int CLS = 1;
    private static final int SEP = 2;
    private static final int FIRST_WORD = 3;
    private static final int WORDS = 8;
    static final DistilBertConfig CONFIG = new DistilBertConfig(FIRST_WORD + WORDS, 10, 32, 2, 2, 64, Pooling.MEAN);
    private static final TokenRows TRAIN = orderedPairs(400, 1);
    private static final TokenRows VALIDATION = orderedPairs(100, 2);
    private static final TrainingPlan PLAN = Plans.of(15, 16, 3e-3, 7).plan();
    private static final FineTuner FINE_TUNER = new FineTuner(1);

    @ParameterizedTest
    @EnumSource(Precision.class)
    void learnsAClassThatOnlyTheOrderOfWordsDecides(Precision precision) {
        FineTuned tuned = fit(new Plans(PLAN).precision(precision).plan());

        assertThat(tuned.best().score()).isGreaterThan(0.95);
        assertThat(tuned.history()).hasSize(15);
        assertThat(tuned.history().get(0).trainLoss())
                .isGreaterThan(tuned.best().trainLoss());
    }

    @Test
    void givesTheSameWeightsForTheSameSeed() {
        TrainingPlan plan = plan(2, 3e-3, 2, 7);

        FineTuned first = fit(plan);
        FineTuned second = fit(plan);
        FineTuned other = fit(plan(2, 3e-3, 2, 8));

        assertThat(first.weights().keySet()).isEqualTo(second.weights().keySet());
        first.weights()
                .forEach((name, tensor) ->
                        assertThat(second.weights().get(name).values()).as(name).isEqualTo(tensor.values()));
        assertThat(first.validationLogits()).isDeepEqualTo(second.validationLogits());
        assertThat(first.validationLogits()[0]).isNotEqualTo(other.validationLogits()[0]);
    }

    @Test
    void garbageCollectionDoesNotShowInTheWeights() throws InterruptedException {
        TrainingPlan plan = Plans.of(3, 16, 3e-3, 7).accumulation(2).plan();
        FineTuned quiet = fit(plan);

        // memory that is let go too early is soon another's, and then holds NaN
        AtomicBoolean isOver = new AtomicBoolean();
        Thread collector = new Thread(() -> {
            while (!isOver.get()) {
                System.gc();
                for (int i = 0; i < 2_000; i++) {
                    ByteBuffer.allocateDirect(Float.BYTES).putFloat(0, Float.NaN);
                }
            }
        });
        collector.start();
        FineTuned disturbed;
        try {
            disturbed = fit(plan);
        } finally {
            isOver.set(true);
            collector.join();
        }

        quiet.weights()
                .forEach((name, tensor) -> assertThat(
                                disturbed.weights().get(name).values())
                        .as(name)
                        .isEqualTo(tensor.values()));
    }

    @Test
    void keepsTheWeightsOfTheBestEpochAndStopsWithoutABetterOne() {
        // a rate that soon spoils what was learnt
        FineTuned tuned = fit(Plans.of(40, 16, 3e-2, 3)
                .warmup(0.02)
                .decay(0)
                .dropout(0)
                .patience(2)
                .plan());

        double best =
                tuned.history().stream().mapToDouble(EpochResult::score).max().orElseThrow();
        assertThat(tuned.history()).hasSizeLessThan(40).hasSize(tuned.bestEpoch() + 2);
        assertThat(tuned.best().score()).isEqualTo(best);
        assertThat(tuned.best().epoch()).isEqualTo(tuned.bestEpoch());
        ValidationScores ofLogits = ValidationScores.of(tuned.validationLogits(), VALIDATION.labels());
        assertThat(ofLogits.macroF1()).isEqualTo(best);
        // one step of next to nothing from the kept weights finds the same logits
        FineTuned again = fit(tuned.weights(), plan(1, 1e-30, 1, 1));
        for (int row = 0; row < VALIDATION.size(); row++) {
            assertThat(again.validationLogits()[row]).containsExactly(tuned.validationLogits()[row], within(1e-4f));
        }
    }

    @Test
    void decaysMatricesButNeitherBiasesNorLayerNorms() {
        SortedMap<String, Tensor> initial = initial();
        for (Tensor tensor : initial.values()) {
            tensor.values()[0] = 2;
        }
        // rates so small that the gradient moves nothing, and a decay so large that rate times decay is 0.001 a step
        FineTuned tuned = fit(
                initial,
                Plans.of(1, 400, 1e-9, 1).warmup(0).decay(1e6).dropout(0).plan());

        tuned.weights().forEach((name, tensor) -> {
            boolean exempt = name.endsWith(".bias") || name.contains("LayerNorm") || name.contains("layer_norm");
            boolean isWordThatNoRowHas = name.contains("word_embeddings");
            assertThat(tensor.values()[0])
                    .as(name)
                    .isCloseTo(exempt || isWordThatNoRowHas ? 2f : 1.998f, within(1e-5f));
        });
    }

    @Test
    void refusesRateThatMakesTheLossNaN() {
        assertThatThrownBy(() -> fit(plan(5, 1e30, 5, 7)))
                .isInstanceOf(UserException.class)
                .hasMessageMatching(
                        "Cannot train: the (loss|gradient's norm) became (NaN|infinite) in step \\d+ of epoch"
                                + " [1-5] at learning rate \\S+, expected a finite number; lower the learning rate or the max"
                                + " gradient norm");
    }

    @Test
    void refusesWeightThatIsNaN() {
        SortedMap<String, Tensor> initial = initial();
        initial.get("classifier.bias").values()[1] = Float.NaN;
        assertThatThrownBy(() -> fit(initial, PLAN, TRAIN, VALIDATION, ProgressListener.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot train: the loss became NaN in step 1 of epoch 1 at learning rate 8.1e-05, expected a"
                                + " finite number; lower the learning rate or the max gradient norm");
    }

    @Test
    void refusesWeightsThatTheLastStepOfAnEpochSpoils() {
        // one step of a rate so high that finite weights give infinite logits
        TrainingPlan oneStep =
                Plans.of(1, 400, 1e38, 1).warmup(0).decay(0).dropout(0).plan();
        assertThatThrownBy(() -> fit(oneStep))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot train: the validation loss became NaN in step 1 of epoch 1 at learning rate 1.0e+38,"
                                + " expected a finite number; lower the learning rate or the max gradient norm");
    }

    @Test
    void refusesTrainingRowsOfOneClass() {
        TokenRows oneClass = new TokenRows(new int[][] {{CLS, 3, SEP}, {CLS, 4, SEP}}, new int[] {1, 1}, 2);
        assertThatThrownBy(() -> fit(initial(), PLAN, oneClass, VALIDATION, ProgressListener.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot train: found training rows of 1 class, expected at least 2; take more rows or another"
                                + " label column");
    }

    @Test
    void refusesNoValidationRow() {
        TokenRows none = new TokenRows(new int[0][], new int[0], 2);
        assertThatThrownBy(() -> fit(initial(), PLAN, TRAIN, none, ProgressListener.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot train: found no validation row, expected at least 1; give the split a larger validation"
                                + " share");
    }

    @Test
    void refusesOtherClassesInValidation() {
        TokenRows three = new TokenRows(VALIDATION.sequences(), VALIDATION.labels(), 3);
        assertThatThrownBy(() -> fit(initial(), PLAN, TRAIN, three, ProgressListener.SILENT))
                .hasMessage("Cannot train: found 3 classes in the validation examples, expected 2");
    }

    @Test
    void refusesWeightsOfAnotherNumberOfLabels() {
        SortedMap<String, Tensor> ofThree = InitialWeights.random(CONFIG, 3, 1);
        assertThatThrownBy(() -> fit(ofThree, PLAN, TRAIN, VALIDATION, ProgressListener.SILENT))
                .hasMessage("Cannot train: found a classifier of 3 labels, expected 2, as the examples have");
    }

    @Test
    void refusesWeightsThatAreNotTheNetworks() {
        SortedMap<String, Tensor> initial = initial();
        initial.remove("classifier.weight");
        assertThatThrownBy(() -> fit(initial, PLAN, TRAIN, VALIDATION, ProgressListener.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("weight classifier.weight is missing");
    }

    @Test
    void leavesFrozenWeightsAsTheyWere() {
        SortedMap<String, Tensor> initial = initial();
        FineTuned headAlone = fit(plan(2, 3e-3, 2, 7), 0);
        FineTuned topLayer = fit(plan(2, 3e-3, 2, 7), 1);

        initial.forEach((name, tensor) -> {
            boolean isHead = name.startsWith("classifier.");
            boolean isTop = name.startsWith("distilbert.transformer.layer.1.");
            assertThat(Arrays.equals(headAlone.weights().get(name).values(), tensor.values()))
                    .as(name)
                    .isEqualTo(!isHead);
            assertThat(Arrays.equals(topLayer.weights().get(name).values(), tensor.values()))
                    .as(name)
                    .isEqualTo(!isHead && !isTop);
        });
        assertThat(topLayer.best().score()).isGreaterThan(0.3);
    }

    @Test
    void refusesToTrainMoreLayersThanThereAre() {
        assertThatThrownBy(() -> fit(PLAN, 3))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot train the top 3 layers: found an encoder of 2, expected that many or more. Use all, or"
                                + " a smaller number.");
    }

    @Test
    void takesTheSameStepFromManyBatchesAsFromOne() {
        // without dropout and in one step an epoch
        FineTuned whole = fit(Plans.of(2, 400, 1e-3, 7).dropout(0).plan());
        FineTuned parts =
                fit(Plans.of(2, 100, 1e-3, 7).dropout(0).accumulation(4).plan());

        whole.weights()
                .forEach((name, tensor) -> assertThat(parts.weights().get(name).values())
                        .as(name)
                        .containsExactly(tensor.values(), within(1e-4f)));
        assertThat(parts.best().trainLoss()).isCloseTo(whole.best().trainLoss(), within(1e-5));
    }

    @Test
    void refusesNoThread() {
        assertThatThrownBy(() -> new FineTuner(0))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: found 0 threads, expected at least 1");
    }

    @Test
    void tellsItsListenerOfEveryEpoch() {
        List<Progress> heard = new ArrayList<>();
        List<EpochResult> results = new ArrayList<>();
        FineTuned tuned = fit(initial(), plan(2, 1e-3, 2, 1), TRAIN, VALIDATION, new ProgressListener() {
            @Override
            public void progressed(Progress progress) {
                heard.add(progress);
            }

            @Override
            public void epochEnded(EpochResult result) {
                results.add(result);
            }
        });

        assertThat(results).isEqualTo(tuned.history());
        Progress last = heard.get(heard.size() - 1);
        assertThat(last.epoch()).isEqualTo(2);
        assertThat(last.epochs()).isEqualTo(2);
        assertThat(last.step()).isEqualTo(25);
        assertThat(last.steps()).isEqualTo(25);
        assertThat(last.remainingSeconds()).isZero();
        assertThat(last.rowsPerSecond()).isPositive();
        assertThat(last.loss()).isEqualTo(tuned.history().get(1).trainLoss());
    }

    private static FineTuned fit(TrainingPlan plan, int unfrozen) {
        return fit(new Plans(plan).unfrozen(unfrozen).plan());
    }

    private static FineTuned fit(TrainingPlan plan) {
        return fit(initial(), plan);
    }

    private static FineTuned fit(SortedMap<String, Tensor> initial, TrainingPlan plan) {
        return fit(initial, plan, TRAIN, VALIDATION, ProgressListener.SILENT);
    }

    private static FineTuned fit(
            SortedMap<String, Tensor> initial,
            TrainingPlan plan,
            Examples train,
            Examples validation,
            ProgressListener listener) {
        return FINE_TUNER.fit(CONFIG, initial, plan, Plans.PLAIN, train, validation, Checkpoints.NONE, "", listener);
    }

    private static SortedMap<String, Tensor> initial() {
        return InitialWeights.random(CONFIG, 2, 1);
    }

    private static TrainingPlan plan(int epochs, double rate, int patience, long seed) {
        return Plans.of(epochs, 16, rate, seed).warmup(0.2).patience(patience).plan();
    }

    /** Two words somewhere among others; the class says whether the first is the first. Both orders come with the same other words. */
    static TokenRows orderedPairs(int rows, long seed) {
        Random random = new Random(seed);
        int[][] tokenIds = new int[rows][];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row += 2) {
            int[] sequence = new int[5 + random.nextInt(3)];
            for (int i = 1; i < sequence.length - 1; i++) {
                sequence[i] = FIRST_WORD + 2 + random.nextInt(WORDS - 2);
            }
            sequence[0] = CLS;
            sequence[sequence.length - 1] = SEP;
            int first = 1 + random.nextInt(sequence.length - 3);
            int second = first + 1 + random.nextInt(sequence.length - 2 - first);
            for (int label = 0; label < 2; label++) {
                int[] ordered = sequence.clone();
                ordered[first] = FIRST_WORD + label;
                ordered[second] = FIRST_WORD + 1 - label;
                tokenIds[row + label] = ordered;
                labels[row + label] = label;
            }
        }
        return new TokenRows(tokenIds, labels, 2);
    }
}
