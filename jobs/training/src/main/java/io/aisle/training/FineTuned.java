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
 * @param weights of the best epoch, under their Hugging Face names
 * @param bestEpoch the epoch, from 1, with the highest validation macro F1; the first of equals
 * @param history one entry an epoch that was run, in order
 * @param validationLogits [validation rows][labels] of the best epoch, as the classifier gives them (neither softmax nor temperature),
 *     in the order of the validation examples
 * @param validationLabels [validation rows]
 */
public record FineTuned(
        SortedMap<String, Tensor> weights,
        int bestEpoch,
        List<EpochResult> history,
        float[][] validationLogits,
        int[] validationLabels) {
    public FineTuned {
        history = List.copyOf(history);
    }

    /** The result of the best epoch. */
    public EpochResult best() {
        return history.get(bestEpoch - 1);
    }

    /** Writes it for another process; the stream stays open. */
    public void writeTo(OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
        TensorStreams.writeTensors(out, weights);
        out.writeInt(bestEpoch);
        TensorStreams.writeHistory(out, history);
        out.writeInt(validationLabels.length);
        for (int row = 0; row < validationLabels.length; row++) {
            out.writeInt(validationLabels[row]);
            TensorStreams.writeFloats(out, validationLogits[row]);
        }
        out.flush();
    }

    /** Reads what {@link #writeTo} wrote. */
    public static FineTuned read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
        SortedMap<String, Tensor> weights = TensorStreams.readTensors(in);
        int bestEpoch = in.readInt();
        List<EpochResult> history = TensorStreams.readHistory(in);
        int[] labels = new int[in.readInt()];
        float[][] logits = new float[labels.length][];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = in.readInt();
            logits[row] = TensorStreams.readFloats(in);
        }
        return new FineTuned(weights, bestEpoch, history, logits, labels);
    }
}
