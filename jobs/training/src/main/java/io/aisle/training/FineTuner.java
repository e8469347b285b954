package io.aisle.training;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * Trains a DistilBERT and its classifier, and keeps the epoch with the best validation macro F1.
 *
 * <p>On the CPU the same weights, plan, examples and threads give the same result on the same machine, bit by bit. Trainings of one JVM run one
 * after another.
 */
public final class FineTuner {
    private final Trainer trainer;

    /** Trains on the CPU. */
    public FineTuner(int threads) {
        this(threads, Device.CPU);
    }

    /** @param threads of PyTorch on the CPU, at least 1 */
    public FineTuner(int threads, Device device) {
        this.trainer = new Trainer(threads, device);
    }

    /** The version of PyTorch that trains. */
    public static String engineVersion() {
        return TorchEngine.version();
    }

    /**
     * Finds out before long work whether PyTorch runs here.
     *
     * @throws UserException if its natives are missing, or if it cannot use the device
     */
    public void requireEngine() {
        trainer.requireEngine();
    }

    /**
     * Trains until the plan's epochs are over or its patience is; goes on from the latest checkpoint where there is one.
     *
     * @param initial the weights to start from, see {@link DistilBertConfig} for names and shapes
     * @param fingerprint names the examples and the initial weights: a checkpoint of another one is refused
     * @throws UserException if the device cannot be used, the examples do not fit the encoder, fewer than two classes have a training row,
     *     a checkpoint is not of this training, or the loss becomes NaN or infinite
     */
    public FineTuned fit(
            DistilBertConfig config,
            Map<String, Tensor> initial,
            TrainingPlan plan,
            ClassificationLoss loss,
            Examples train,
            Examples validation,
            Checkpoints checkpoints,
            String fingerprint,
            ProgressListener listener) {
        requireTrainable(config, plan, train, validation);
        DistilBertWeights.check(config, initial);
        int outputs = initial.get(DistilBertWeights.CLASSIFIER + ".bias").values().length;
        if (outputs != train.labelCount()) {
            throw new IllegalArgumentException("Cannot train: found a classifier of " + outputs + " labels, expected "
                    + train.labelCount() + ", as the examples have");
        }
        return trainer.train(
                config,
                initial,
                plan,
                (manager, network) -> new Classification(manager, network, loss, train, validation),
                checkpoints,
                loss + " " + fingerprint,
                listener,
                (outcome, objective) -> new FineTuned(outcome, objective.validationLogits(), validation.labels()));
    }

    private static void requireTrainable(
            DistilBertConfig config, TrainingPlan plan, Examples train, Examples validation) {
        if (train.labelCount() < 2) {
            throw new UserException("Cannot train: found " + train.labelCount()
                    + " class, expected at least 2; take a label column with more values or fold fewer classes");
        }
        if (train.labelCount() != validation.labelCount()) {
            throw new IllegalArgumentException("Cannot train: found " + validation.labelCount()
                    + " classes in the validation examples, expected " + train.labelCount());
        }
        if (plan.unfrozen() > config.layers()) {
            throw new UserException("Cannot train the top " + plan.unfrozen() + " layers: found an encoder of "
                    + config.layers() + ", expected that many or more. Use all, or a smaller number.");
        }
        long classes =
                Arrays.stream(train.rowsByLabel()).filter(rows -> rows > 0).count();
        if (classes < 2) {
            throw new UserException("Cannot train: found training rows of " + classes
                    + " class, expected at least 2; take more rows or another label column");
        }
        if (validation.size() == 0) {
            throw new UserException(
                    "Cannot train: found no validation row, expected at least 1; give the split a larger"
                            + " validation share");
        }
        train.requireReadableBy(config);
        validation.requireReadableBy(config);
    }
}
