package io.aisle.batch.train;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.training.ClassificationLoss;
import io.aisle.training.FineTuned;
import io.aisle.training.FineTuner;
import io.aisle.training.TrainingPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * To tell classes apart.
 *
 * @param fingerprint of everything that the result depends on beside plan, loss and sizes
 */
record FineTuning(DistilBertConfig config, TrainingPlan plan, ClassificationLoss loss, String fingerprint)
        implements Aim<FineTuned> {
    private static final long serialVersionUID = 1L;

    @Override
    public FineTuned train(Means means) {
        return new FineTuner(means.threads(), means.device())
                .fit(
                        config,
                        means.initial(),
                        plan,
                        loss,
                        means.train(),
                        means.validation(),
                        means.checkpoints(),
                        fingerprint,
                        means.listener());
    }

    @Override
    public void write(FineTuned result, OutputStream out) throws IOException {
        result.writeTo(out);
    }

    @Override
    public FineTuned read(InputStream in) throws IOException {
        return FineTuned.read(in);
    }
}
