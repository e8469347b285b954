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
 * What a training comes to.
 *
 * @param weights of the best epoch, under their Hugging Face names
 * @param number of that epoch, from 1: the one with the highest score, the first of equals
 * @param history one entry an epoch that was run, in order
 */
public record BestEpoch(SortedMap<String, Tensor> weights, int number, List<EpochResult> history) {
    private static final int BUFFER = 1 << 16;

    public BestEpoch {
        history = List.copyOf(history);
    }

    /** The result of that epoch. */
    public EpochResult result() {
        return history.get(number - 1);
    }

    /** Writes it for another process; the stream stays open. */
    public void writeTo(OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, BUFFER));
        writeTo(out);
        out.flush();
    }

    /** Reads what {@link #writeTo(OutputStream)} wrote. */
    public static BestEpoch read(InputStream stream) throws IOException {
        return read(new DataInputStream(new BufferedInputStream(stream, BUFFER)));
    }

    void writeTo(DataOutputStream out) throws IOException {
        TensorStreams.writeTensors(out, weights);
        out.writeInt(number);
        TensorStreams.writeHistory(out, history);
    }

    static BestEpoch read(DataInputStream in) throws IOException {
        SortedMap<String, Tensor> weights = TensorStreams.readTensors(in);
        int number = in.readInt();
        return new BestEpoch(weights, number, TensorStreams.readHistory(in));
    }
}
