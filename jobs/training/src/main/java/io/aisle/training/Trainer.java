package io.aisle.training;

import ai.djl.ndarray.NDManager;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Where networks are trained, whatever for.
 *
 * @param threads of PyTorch on the CPU, at least 1
 */
record Trainer(int threads, Device device) {
    Trainer {
        if (threads < 1) {
            throw new UserException("Cannot train: found " + threads + " threads, expected at least 1");
        }
    }

    /** Opens the engine and closes it again. */
    void requireEngine() {
        TorchEngine.open(threads, device).close();
    }

    /**
     * Trains a network from weights that were checked.
     *
     * @param objective of the network, whose arrays belong to the manager
     * @param result from what the best epoch left, while the network still holds its weights
     */
    <O extends Objective, R> R train(
            DistilBertConfig config,
            Map<String, Tensor> initial,
            TrainingPlan plan,
            BiFunction<NDManager, DistilBertNetwork, O> objective,
            Checkpoints checkpoints,
            String fingerprint,
            ProgressListener listener,
            BiFunction<BestEpoch, O, R> result) {
        try (TorchEngine engine = TorchEngine.open(threads, device);
                NDManager manager = engine.newManager()) {
            DistilBertNetwork network = new DistilBertNetwork(
                    manager,
                    config,
                    initial,
                    name -> WeightNames.isUnfrozen(name, config.layers(), plan.unfrozen()),
                    (float) plan.dropout(),
                    plan.precision());
            O trained = objective.apply(manager, network);
            BestEpoch outcome = new Training(
                            engine, manager, config, network, plan, trained, checkpoints, fingerprint, listener)
                    .run();
            return result.apply(outcome, trained);
        }
    }
}
