package io.aisle.batch.train;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.training.Masking;
import io.aisle.training.Pretrained;
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
        implements Aim<Pretrained> {
    private static final long serialVersionUID = 1L;

    @Override
    public Pretrained train(Means means) {
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
    public void write(Pretrained result, OutputStream out) throws IOException {
        result.writeTo(out);
    }

    @Override
    public Pretrained read(InputStream in) throws IOException {
        return Pretrained.read(in);
    }
}
