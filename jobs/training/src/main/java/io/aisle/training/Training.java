package io.aisle.training;

import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import io.aisle.training.Objective.Loss;
import io.aisle.training.Objective.Validation;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One training, from its first step, or from a checkpoint, to its best epoch.
 *
 * <p>What is drawn by chance is a function of the plan's seed and of the step alone, so that one that goes on from a checkpoint ends with
 * the weights of one that never stopped.
 */
final class Training {
    private static final long PROGRESS_NANOS = 5_000_000_000L;

    private final TorchEngine engine;
    private final NDManager manager;
    private final DistilBertNetwork network;
    private final TrainingPlan plan;
    private final Objective objective;
    private final Checkpoints checkpoints;
    private final String fingerprint;
    private final ProgressListener listener;
    private final WeightUpdate update;
    private final LossScale lossScale;
    private final int[] lengths;
    private final int stepsPerEpoch;

    private final List<EpochResult> history = new ArrayList<>();
    private SortedMap<String, Tensor> bestWeights = new TreeMap<>();
    private int epoch = 1;

    /** Of the epoch under way. */
    private int step;

    private double lossSum;
    private long rows;
    private long nanosBefore;

    /** @param fingerprint of data, encoder and everything else that the result depends on beside plan and sizes */
    Training(
            TorchEngine engine,
            NDManager manager,
            DistilBertConfig config,
            DistilBertNetwork network,
            TrainingPlan plan,
            Objective objective,
            Checkpoints checkpoints,
            String fingerprint,
            ProgressListener listener) {
        this.engine = engine;
        this.manager = manager;
        this.network = network;
        this.plan = plan;
        this.objective = objective;
        this.checkpoints = checkpoints;
        this.fingerprint = plan + " " + config + " " + fingerprint;
        this.listener = listener;
        this.update = new WeightUpdate(network.trained(), engine.isInHostMemory(), config, plan);
        this.lossScale = new LossScale(plan.precision());
        this.lengths = objective.lengths();
        int rowsPerStep = Math.multiplyExact(plan.batchSize(), plan.accumulation());
        this.stepsPerEpoch = (lengths.length + rowsPerStep - 1) / rowsPerStep;
    }

    /** Trains until the plan's epochs are over or its patience is. The network holds the weights of the best epoch then. */
    BestEpoch run() {
        resume();
        while (epoch <= plan.epochs() && epoch - bestEpoch() <= plan.patience()) {
            long start = System.nanoTime();
            finishSteps(start);
            Validation validation = objective.validate();
            requireFinite("validation loss", validation.loss(), stepsPerEpoch);
            EpochResult result = new EpochResult(
                    epoch,
                    lossSum / rows,
                    validation.loss(),
                    validation.score(),
                    validation.metrics(),
                    (System.nanoTime() - start + nanosBefore) / 1e9);
            boolean isBest = history.isEmpty()
                    || result.score() > history.get(bestEpoch() - 1).score();
            history.add(result);
            listener.epochEnded(result);
            if (isBest) {
                bestWeights = network.copy();
            }
            startEpoch(epoch + 1, 0, 0, 0, 0);
        }
        network.restore(bestWeights);
        return new BestEpoch(bestWeights, bestEpoch(), history);
    }

    /** From 1; 0 before the first is over. */
    private int bestEpoch() {
        int best = 0;
        for (EpochResult result : history) {
            if (best == 0 || result.score() > history.get(best - 1).score()) {
                best = result.epoch();
            }
        }
        return best;
    }

    private void startEpoch(int number, int stepsDone, double lossSoFar, long rowsSoFar, long nanosSoFar) {
        epoch = number;
        step = stepsDone;
        lossSum = lossSoFar;
        rows = rowsSoFar;
        nanosBefore = nanosSoFar;
    }

    /** The steps of the epoch that are not done yet. */
    private void finishSteps(long start) {
        List<int[]> batches = Batches.shuffled(lengths, plan.batchSize(), plan.seed(), epoch);
        int first = step;
        long rowsBefore = rows;
        long reported = start;
        while (step < stepsPerEpoch) {
            int from = step * plan.accumulation();
            step(batches.subList(from, Math.min(from + plan.accumulation(), batches.size())));
            long now = System.nanoTime();
            if (now - reported >= PROGRESS_NANOS || step == stepsPerEpoch) {
                reported = now;
                double seconds = (now - start) / 1e9;
                int left = (plan.epochs() - epoch) * stepsPerEpoch + stepsPerEpoch - step;
                listener.progressed(new Progress(
                        epoch,
                        plan.epochs(),
                        step,
                        stepsPerEpoch,
                        lossSum / rows,
                        (rows - rowsBefore) / seconds,
                        left * seconds / (step - first)));
            }
            if (stepsDone() % checkpoints.everySteps() == 0) {
                save(System.nanoTime() - start + nanosBefore);
            }
        }
    }

    /** Moves the weights once, by the gradient of the mean loss of all rows of the batches. */
    private void step(List<int[]> batches) {
        int rowsOfStep = batches.stream().mapToInt(batch -> batch.length).sum();
        BitSet wordIds = new BitSet();
        double rateShare = rateShare();
        try (GradientCollector collector = engine.newGradientCollector()) {
            for (int i = 0; i < batches.size(); i++) {
                int[] batch = batches.get(i);
                long seed = seed(i);
                engine.seed(seed);
                // everything native that a batch makes ends with it
                try (NDManager batchManager = manager.newSubManager()) {
                    Loss loss = objective.loss(batchManager, batch, seed);
                    float value = loss.mean().getFloat();
                    requireFinite("loss", value, step + 1);
                    float share = lossScale.factor() * batch.length / rowsOfStep;
                    collector.backward(DistilBertNetwork.scaled(loss.mean(), share));
                    lossSum += batch.length * (double) value;
                    loss.wordIds().forEach(wordIds::set);
                }
            }
        }
        rows += rowsOfStep;
        step++;
        double norm = update.apply(wordIds.stream().toArray(), lossScale.factor(), rateShare, stepsDone());
        if (Double.isFinite(norm)) {
            lossScale.grow();
        } else if (lossScale.canShrink()) {
            lossScale.shrink();
        } else {
            requireFinite("gradient's norm", norm, step);
        }
    }

    /** Of one batch of the step to come. */
    private long seed(int batch) {
        return SplitMix64.seed(plan.seed(), (long) stepsDone() * plan.accumulation() + batch);
    }

    private int stepsDone() {
        return (epoch - 1) * stepsPerEpoch + step;
    }

    /** The share of the highest rates at the step to come; the last step's once all are done. */
    private double rateShare() {
        int steps = plan.epochs() * stepsPerEpoch;
        return plan.rates().share(Math.min(stepsDone(), steps - 1), steps);
    }

    private void resume() {
        try {
            Optional<InputStream> latest = checkpoints.latest();
            if (latest.isEmpty()) {
                return;
            }
            try (InputStream in = latest.get()) {
                Checkpoint checkpoint = Checkpoint.read(in, fingerprint, checkpoints.place());
                history.addAll(checkpoint.history());
                bestWeights = checkpoint.bestWeights();
                network.restore(checkpoint.weights());
                update.restore(checkpoint.moments());
                lossScale.restore(checkpoint.lossScale());
                startEpoch(
                        checkpoint.epoch(),
                        checkpoint.step(),
                        checkpoint.lossSum(),
                        checkpoint.rows(),
                        checkpoint.nanos());
                listener.resumed(epoch, step, stepsPerEpoch);
            }
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the checkpoint in " + checkpoints.place() + ": found " + e
                            + ", expected one that this process may read. Remove that directory to start again.",
                    e);
        }
    }

    private void save(long nanos) {
        try {
            checkpoints.save(new Checkpoint(
                    fingerprint,
                    epoch,
                    step,
                    lossSum,
                    rows,
                    nanos,
                    lossScale.state(),
                    history,
                    network.copy(),
                    update.moments(),
                    bestWeights)::writeTo);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write a checkpoint to " + checkpoints.place() + ": found " + e
                            + ", expected a place to write with room for it.",
                    e);
        }
    }

    private void requireFinite(String what, double value, int step) {
        if (!Double.isFinite(value)) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "Cannot train: the %s became %s in step %d of epoch %d at learning rate %.2g, expected a finite"
                            + " number; lower the learning rate or the max gradient norm",
                    what,
                    Double.isNaN(value) ? "NaN" : "infinite",
                    step,
                    epoch,
                    rateShare() * plan.rates().highest()));
        }
    }
}
