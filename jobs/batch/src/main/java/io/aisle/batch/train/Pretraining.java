package io.aisle.batch.train;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.training.BestEpoch;
import io.aisle.training.Masking;
import io.aisle.training.Pretrainer;
import io.aisle.training.TrainingPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * To guess hidden word pieces.
 *
 * @param fingerprint of everything that the result depends on beside plan, masking and sizes
 */
record Pretraining(DistilBertConfig config, TrainingPlan plan, Masking masking, String fingerprint)
        implements Aim<BestEpoch> {
    private static final long serialVersionUID = 1L;

    @Override
    public BestEpoch train(Means means) {
        return new Pretrainer(means.threads(), means.device())
                .fit(
                        config,
                        means.initial(),
                        plan,
                        masking,
                        means.train(),
                        means.validation(),
                        means.checkpoints(),
                        fingerprint,
                        means.listener());
    }

    @Override
    public void write(BestEpoch result, OutputStream out) throws IOException {
        result.writeTo(out);
    }

    @Override
    public BestEpoch read(InputStream in) throws IOException {
        return BestEpoch.read(in);
    }
}
