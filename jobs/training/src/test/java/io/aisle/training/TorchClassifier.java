package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The network as training has it, in LibTorch, operation by operation and without gradients: what other engines are measured beside. It
 * holds PyTorch until it is closed.
 */
public final class TorchClassifier implements AutoCloseable {
    private final TorchEngine engine;
    private final NDManager manager;
    private final DistilBertNetwork network;

    private TorchClassifier(TorchEngine engine, NDManager manager, DistilBertNetwork network) {
        this.engine = engine;
        this.manager = manager;
        this.network = network;
    }

    /**
     * Copies checked weights into LibTorch; waits until a training in this JVM is over.
     *
     * @param threads that one call uses
     */
    public static TorchClassifier open(DistilBertConfig config, Map<String, Tensor> weights, int threads) {
        TorchEngine engine = TorchEngine.open(threads, Device.CPU);
        NDManager manager = engine.newManager();
        return new TorchClassifier(
                engine, manager, new DistilBertNetwork(manager, config, weights, name -> false, 0, Precision.FLOAT32));
    }

    /**
     * Runs one batch, padded to its longest text.
     *
     * @param tokenIds of each text, [CLS] and [SEP] included
     * @return log-probabilities, float[texts][labels]
     */
    public float[][] logProbabilities(List<int[]> tokenIds) {
        int tokens = tokenIds.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        long[] ids = new long[tokenIds.size() * tokens];
        float[] mask = new float[ids.length];
        for (int row = 0; row < tokenIds.size(); row++) {
            int[] text = tokenIds.get(row);
            for (int i = 0; i < text.length; i++) {
                ids[row * tokens + i] = text[i];
            }
            Arrays.fill(mask, row * tokens, row * tokens + text.length, 1);
        }
        PaddedBatch batch = new PaddedBatch(tokenIds.size(), tokens, ids, mask);
        try (NDManager scratch = manager.newSubManager()) {
            NDArray answers = network.logits(batch.ids(scratch), batch.mask(scratch), false)
                    .logSoftmax(-1);
            Shape shape = answers.getShape();
            float[] values = answers.toFloatArray();
            int labels = Math.toIntExact(shape.get(1));
            float[][] rows = new float[tokenIds.size()][];
            for (int row = 0; row < rows.length; row++) {
                rows[row] = Arrays.copyOfRange(values, row * labels, (row + 1) * labels);
            }
            return rows;
        }
    }

    @Override
    public void close() {
        manager.close();
        engine.close();
    }
}
