package io.aisle.batch.train;

import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.Tensor;
import io.aisle.training.Checkpoints;
import io.aisle.training.Examples;
import io.aisle.training.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.SortedMap;

/**
 * What a network is trained for. It travels to the executor that trains, and its result back.
 *
 * @param <R> the result
 */
interface Aim<R> extends Serializable {
    /** Trains until the plan is over. */
    R train(Means means);

    /** Writes a result; the stream stays open. */
    void write(R result, OutputStream out) throws IOException;

    /** Reads what {@link #write} wrote. */
    R read(InputStream in) throws IOException;

    /**
     * What the executor has to train with.
     *
     * @param threads of PyTorch on a CPU
     * @param initial the weights to start from
     */
    record Means(
            int threads,
            Device device,
            SortedMap<String, Tensor> initial,
            Examples train,
            Examples validation,
            Checkpoints checkpoints,
            ProgressListener listener) {}
}
