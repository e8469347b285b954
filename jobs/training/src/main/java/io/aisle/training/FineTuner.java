package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * Trains a DistilBERT and its classifier, all weights, and keeps the best epoch.
 *
 * <p>On the CPU the same weights, plan, examples and threads give the same result on the same machine, bit by bit. Trainings of one JVM run one
 * after another.
 */
public final class FineTuner {
    private static final long PROGRESS_NANOS = 5_000_000_000L;
    private static final int VALIDATION_BATCH_SIZE = 64;

    private final int threads;
    private final Device device;

    /** Trains on the CPU. */
    public FineTuner(int threads) {
        this(threads, Device.CPU);
    }

    /** @param threads of PyTorch on the CPU, at least 1 */
    public FineTuner(int threads, Device device) {
        if (threads < 1) {
            throw new UserException("Cannot train: found " + threads + " threads, expected at least 1");
        }
        this.threads = threads;
        this.device = device;
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
        TorchEngine.open(threads, device, 0).close();
    }

    /**
     * Trains until the plan's epochs are over or its patience is.
     *
     * @param initial the weights to start from, see {@link DistilBertConfig} for names and shapes
     * @throws UserException if the device cannot be used, the examples do not fit the encoder, fewer than two classes have a training row, or
     *     the loss becomes NaN or infinite
     */
    public FineTuned fit(
            DistilBertConfig config,
            Map<String, Tensor> initial,
            TrainingPlan plan,
            Examples train,
            Examples validation,
            ProgressListener listener) {
        requireTrainable(config, train, validation);
        DistilBertWeights.check(config, initial);
        int outputs = initial.get(DistilBertWeights.CLASSIFIER + ".bias").values().length;
        if (outputs != train.labelCount()) {
            throw new IllegalArgumentException("Cannot train: found a classifier of " + outputs + " labels, expected "
                    + train.labelCount() + ", as the examples have");
        }
        try (TorchEngine engine = TorchEngine.open(threads, device, plan.seed());
                NDManager manager = engine.newManager()) {
            DistilBertNetwork network = new DistilBertNetwork(config, train.labelCount(), (float) plan.dropout());
            network.load(manager, initial);
            return new Training(engine, manager, network, plan, train, validation, listener).run();
        }
    }

    private static void requireTrainable(DistilBertConfig config, Examples train, Examples validation) {
        if (train.labelCount() != validation.labelCount()) {
            throw new IllegalArgumentException("Cannot train: found " + validation.labelCount()
                    + " classes in the validation examples, expected " + train.labelCount());
        }
        if (train.presentClasses() < 2) {
            throw new UserException("Cannot train: found training rows of " + train.presentClasses()
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

    /** One training, from its first step to its result. */
    private static final class Training {
        private final TorchEngine engine;
        private final NDManager manager;
        private final DistilBertNetwork network;
        private final TrainingPlan plan;
        private final Examples train;
        private final Examples validation;
        private final ProgressListener listener;
        private final ParameterStore store;
        private final WeightUpdate update;
        private final int stepsPerEpoch;
        private int stepsDone;

        Training(
                TorchEngine engine,
                NDManager manager,
                DistilBertNetwork network,
                TrainingPlan plan,
                Examples train,
                Examples validation,
                ProgressListener listener) {
            this.engine = engine;
            this.manager = manager;
            this.network = network;
            this.plan = plan;
            this.train = train;
            this.validation = validation;
            this.listener = listener;
            this.store = new ParameterStore(manager, false);
            this.update = new WeightUpdate(network.arrays(), engine.isInHostMemory(), plan);
            this.stepsPerEpoch = (train.size() + plan.batchSize() - 1) / plan.batchSize();
        }

        FineTuned run() {
            List<EpochResult> history = new ArrayList<>();
            int bestEpoch = 0;
            SortedMap<String, Tensor> bestWeights = null;
            float[][] bestLogits = null;
            for (int epoch = 1; epoch <= plan.epochs() && epoch - bestEpoch <= plan.patience(); epoch++) {
                long start = System.nanoTime();
                double trainLoss = trainOnce(epoch);
                float[][] logits = validationLogits();
                ValidationScores scores = ValidationScores.of(logits, validation.labels());
                requireFinite("validation loss", scores.loss(), epoch, stepsPerEpoch, rateShare());
                EpochResult result = new EpochResult(
                        epoch,
                        trainLoss,
                        scores.loss(),
                        scores.accuracy(),
                        scores.macroF1(),
                        scores.weightedF1(),
                        (System.nanoTime() - start) / 1e9);
                history.add(result);
                listener.epochEnded(result);
                if (bestEpoch == 0
                        || result.macroF1() > history.get(bestEpoch - 1).macroF1()) {
                    bestEpoch = epoch;
                    bestWeights = network.weights();
                    bestLogits = logits;
                }
            }
            return new FineTuned(bestWeights, bestEpoch, history, bestLogits);
        }

        /** One pass over the training rows; the mean loss a row. */
        private double trainOnce(int epoch) {
            List<int[]> batches = Batches.shuffled(train.tokenIds(), plan.batchSize(), plan.seed(), epoch);
            long start = System.nanoTime();
            long reported = start;
            double lossSum = 0;
            long rows = 0;
            for (int step = 1; step <= batches.size(); step++) {
                int[] batch = batches.get(step - 1);
                lossSum += batch.length * step(batch, epoch, step);
                rows += batch.length;
                long now = System.nanoTime();
                if (now - reported >= PROGRESS_NANOS || step == batches.size()) {
                    reported = now;
                    double seconds = (now - start) / 1e9;
                    int stepsLeft = (plan.epochs() - epoch) * stepsPerEpoch + batches.size() - step;
                    listener.progressed(new Progress(
                            epoch,
                            plan.epochs(),
                            step,
                            batches.size(),
                            lossSum / rows,
                            rows / seconds,
                            stepsLeft * seconds / step));
                }
            }
            return lossSum / rows;
        }

        /** Moves the weights once; the mean loss of the batch's rows. Everything native that a step makes ends with it. */
        private double step(int[] rows, int epoch, int step) {
            try (NDManager stepManager = manager.newSubManager()) {
                double rateShare = rateShare();
                PaddedBatch batch = PaddedBatch.of(train.tokenIds(), rows);
                float lossValue;
                try (GradientCollector collector = engine.newGradientCollector()) {
                    NDArray logits = forward(stepManager, batch, true);
                    NDArray loss = loss(logits, labels(stepManager, rows));
                    lossValue = loss.getFloat();
                    requireFinite("loss", lossValue, epoch, step, rateShare);
                    collector.backward(loss);
                }
                stepsDone++;
                double norm = update.apply(batch.distinctIds(), rateShare, stepsDone);
                requireFinite("gradient's norm", norm, epoch, step, rateShare);
                return lossValue;
            }
        }

        private NDArray forward(NDManager stepManager, PaddedBatch batch, boolean training) {
            Shape shape = new Shape(batch.rows(), batch.tokens());
            NDList inputs = new NDList(stepManager.create(batch.ids(), shape), stepManager.create(batch.mask(), shape));
            return network.forward(store, inputs, training).singletonOrThrow();
        }

        private NDArray labels(NDManager stepManager, int[] rows) {
            long[] labels = new long[rows.length];
            for (int i = 0; i < rows.length; i++) {
                labels[i] = train.labels()[rows[i]];
            }
            return stepManager.create(labels, new Shape(rows.length, 1));
        }

        /** Mean cross-entropy with smoothed targets, a scalar. */
        private NDArray loss(NDArray logits, NDArray labels) {
            NDArray logProbabilities = logits.logSoftmax(-1);
            NDArray ofLabels = logProbabilities.gather(labels, 1).mean();
            if (plan.labelSmoothing() == 0) {
                return ofLabels.neg();
            }
            // floats: a double would turn a scalar into float64
            float smoothing = (float) plan.labelSmoothing();
            NDArray ofAll = logProbabilities.mean();
            return DistilBertNetwork.scaled(ofLabels, 1 - smoothing)
                    .add(DistilBertNetwork.scaled(ofAll, smoothing))
                    .neg();
        }

        /** [validation rows][labels], in the order of the examples. */
        private float[][] validationLogits() {
            float[][] logits = new float[validation.size()][];
            for (int[] rows : Batches.byLength(validation.tokenIds(), VALIDATION_BATCH_SIZE)) {
                try (NDManager stepManager = manager.newSubManager()) {
                    float[] values = forward(stepManager, PaddedBatch.of(validation.tokenIds(), rows), false)
                            .toFloatArray();
                    int labels = validation.labelCount();
                    for (int i = 0; i < rows.length; i++) {
                        logits[rows[i]] = Arrays.copyOfRange(values, i * labels, (i + 1) * labels);
                    }
                }
            }
            return logits;
        }

        /** The share of the highest rates at the step to come; the last step's once all are done. */
        private double rateShare() {
            int steps = plan.epochs() * stepsPerEpoch;
            return plan.rateShare(Math.min(stepsDone, steps - 1), steps);
        }

        private void requireFinite(String what, double value, int epoch, int step, double rateShare) {
            if (!Double.isFinite(value)) {
                throw new UserException(String.format(
                        Locale.ROOT,
                        "Cannot train: the %s became %s in step %d of epoch %d at learning rate %.2g, expected a finite"
                                + " number; lower the learning rate or the max gradient norm",
                        what,
                        Double.isNaN(value) ? "NaN" : "infinite",
                        step,
                        epoch,
                        rateShare * plan.learningRate()));
            }
        }
    }
}
