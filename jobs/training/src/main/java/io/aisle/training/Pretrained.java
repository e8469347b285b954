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
 * An encoder that learnt from text.
 *
 * @param weights of the best epoch, under their Hugging Face names, without the head
 * @param bestEpoch the epoch, from 1, with the lowest validation loss; the first of equals
 * @param history one entry an epoch that was run, in order
 */
public record Pretrained(SortedMap<String, Tensor> weights, int bestEpoch, List<EpochResult> history) {
    public Pretrained {
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
        out.flush();
    }

    /** Reads what {@link #writeTo} wrote. */
    public static Pretrained read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
        SortedMap<String, Tensor> weights = TensorStreams.readTensors(in);
        int bestEpoch = in.readInt();
        return new Pretrained(weights, bestEpoch, TensorStreams.readHistory(in));
    }
}
