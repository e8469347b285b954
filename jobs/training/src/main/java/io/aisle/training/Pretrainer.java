package io.aisle.training;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains a DistilBERT to guess hidden word pieces, and keeps the epoch with the lowest validation loss.
 *
 * <p>What {@link FineTuner} says of equal results and of trainings of one JVM holds here too.
 */
public final class Pretrainer {
    private final Trainer trainer;

    /** @param threads of PyTorch on the CPU, at least 1 */
    public Pretrainer(int threads, Device device) {
        this.trainer = new Trainer(threads, device);
    }

    /**
     * Trains until the plan's epochs are over or its patience is; goes on from the latest checkpoint where there is one.
     *
     * @param initial the weights to start from, those of the encoder and those of {@link InitialWeights#maskedLanguageHead}
     * @param train with or without labels, which are not looked at
     * @param fingerprint names the examples and the initial weights: a checkpoint of another one is refused
     * @return the encoder's weights alone, without the head, of the epoch with the lowest validation loss
     * @throws UserException if the device cannot be used, the examples do not fit the encoder or have nothing to hide, a checkpoint is not
     *     of this training, or the loss becomes NaN or infinite
     */
    public BestEpoch fit(
            DistilBertConfig config,
            Map<String, Tensor> initial,
            TrainingPlan plan,
            Masking masking,
            Examples train,
            Examples validation,
            Checkpoints checkpoints,
            String fingerprint,
            ProgressListener listener) {
        check(config, initial);
        train.requireReadableBy(config);
        validation.requireReadableBy(config);
        Masker masker = new Masker(masking, config.vocabularySize());
        requireSomethingToHide("train", train, masker);
        requireSomethingToHide("validation", validation, masker);
        return trainer.train(
                config,
                initial,
                plan,
                (manager, network) ->
                        new MaskedLanguage(manager, network, masking, config.vocabularySize(), train, validation),
                checkpoints,
                masking + " " + fingerprint,
                listener,
                (outcome, objective) ->
                        new BestEpoch(encoder(outcome.weights(), config), outcome.number(), outcome.history()));
    }

    private static void check(DistilBertConfig config, Map<String, Tensor> initial) {
        Map<String, Tensor> encoder = new TreeMap<>(initial);
        Map<String, Tensor> head = new TreeMap<>(initial);
        encoder.keySet().removeAll(MaskedLanguageHead.shapes(config).keySet());
        head.keySet().removeAll(encoder.keySet());
        DistilBertWeights.checkEncoder(config, encoder);
        MaskedLanguageHead.check(config, head);
    }

    private static SortedMap<String, Tensor> encoder(SortedMap<String, Tensor> weights, DistilBertConfig config) {
        SortedMap<String, Tensor> encoder = new TreeMap<>(weights);
        encoder.keySet().removeAll(MaskedLanguageHead.shapes(config).keySet());
        return encoder;
    }

    private static void requireSomethingToHide(String split, Examples examples, Masker masker) {
        if (MaskedLanguage.rows(examples, masker).length == 0) {
            throw new UserException(
                    "Cannot train: found " + examples.size() + " " + split
                            + " rows, expected at least 1 with a word of the vocabulary; take more rows, or another vocabulary");
        }
    }
}
