package io.aisle.training;

import io.aisle.core.onnx.Tensor;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.SortedMap;

/**
 * A trained encoder with its classifier.
 *
 * @param kept the epoch with the highest validation macro F1
 * @param validationLogits [validation rows][labels] of that epoch, as the classifier gives them (neither softmax nor temperature), in
 *     the order of the validation examples
 * @param validationLabels [validation rows]
 */
public record FineTuned(BestEpoch kept, float[][] validationLogits, int[] validationLabels) {
    private static final int BUFFER = 1 << 16;

    public SortedMap<String, Tensor> weights() {
        return kept.weights();
    }

    /** One entry an epoch that was run, in order. */
    public List<EpochResult> history() {
        return kept.history();
    }

    /** From 1. */
    public int bestEpoch() {
        return kept.number();
    }

    /** The result of the best epoch. */
    public EpochResult best() {
        return kept.result();
    }

    /** Writes it for another process; the stream stays open. */
    public void writeTo(OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, BUFFER));
        kept.writeTo(out);
        out.writeInt(validationLabels.length);
        for (int row = 0; row < validationLabels.length; row++) {
            out.writeInt(validationLabels[row]);
            TensorStreams.writeFloats(out, validationLogits[row]);
        }
        out.flush();
    }

    /** Reads what {@link #writeTo} wrote. */
    public static FineTuned read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream, BUFFER));
        BestEpoch kept = BestEpoch.read(in);
        int[] labels = new int[in.readInt()];
        float[][] logits = new float[labels.length][];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = in.readInt();
            logits[row] = TensorStreams.readFloats(in);
        }
        return new FineTuned(kept, logits, labels);
    }
}
