package io.aisle.core.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A text classifier, or an encoder, that ONNX Runtime executes: the inputs and an output of {@link DistilBertGraph}, whatever lies between.
 *
 * <p>{@link #run} may be called by several threads at once; {@link #close} only when none is in it.
 */
public final class OnnxNetwork implements AutoCloseable {
    private static final Set<String> INPUTS = Set.of(DistilBertGraph.INPUT_IDS, DistilBertGraph.ATTENTION_MASK);

    private final Path file;
    private final OrtSession session;
    private final String output;
    private final int width;

    private OnnxNetwork(Path file, OrtSession session, String output, int width) {
        this.file = file;
        this.session = session;
        this.output = output;
        this.width = width;
    }

    /** Loads a classifier for the CPU; see {@link #open(Path, int, Device)}. */
    public static OnnxNetwork open(Path modelFile, int threads) {
        return open(modelFile, threads, Device.CPU);
    }

    /** Loads a classifier; see {@link #open(Path, String, int, Device)}. */
    public static OnnxNetwork open(Path modelFile, int threads, Device device) {
        return open(modelFile, DistilBertGraph.LOGITS, threads, device);
    }

    /**
     * Loads a network.
     *
     * @param output {@link DistilBertGraph#LOGITS} or {@link DistilBertGraph#FEATURES}
     * @param threads how many threads of the CPU one call of {@link #run} may use, at least 1
     * @throws UserException if the file is missing, is no ONNX model, or has other inputs or outputs, or if the device cannot be used
     */
    public static OnnxNetwork open(Path modelFile, String output, int threads, Device device) {
        if (!Files.isRegularFile(modelFile)) {
            throw new UserException("Cannot open the network " + modelFile
                    + ": found no such file, expected an ONNX model. Give the path of a model.onnx.");
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            if (device.isGpu()) {
                CudaProvider.use(options, device);
            }
            OrtSession session = MappedModel.read(modelFile).open(options);
            try {
                checkInputs(modelFile, session.getInputInfo());
                return new OnnxNetwork(
                        modelFile, session, output, checkedWidth(modelFile, output, session.getOutputInfo()));
            } catch (UserException | OrtException e) {
                session.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(modelFile, e);
        } catch (OrtException e) {
            throw device.isGpu() ? CudaProvider.failed(device, e) : unreadable(modelFile, e);
        }
    }

    /** How many logits a text gets from a classifier. */
    public int labels() {
        return width;
    }

    /** What a classifier makes of one batch: log-probabilities, float[texts][labels]; see {@link #run(List)}. */
    public float[][] logits(List<int[]> tokenIds) {
        return run(tokenIds);
    }

    /**
     * Runs one batch, padded to its longest text.
     *
     * @param tokenIds the word-piece ids of each text, [CLS] and [SEP] included, at least one id each
     * @return float[texts][width of the output], in the order of the texts
     * @throws UserException if the network cannot take these ids
     */
    public float[][] run(List<int[]> tokenIds) {
        if (tokenIds.isEmpty()) {
            return new float[0][];
        }
        int tokens = tokenIds.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        long[] ids = new long[Math.multiplyExact(tokenIds.size(), tokens)];
        long[] mask = new long[ids.length];
        for (int row = 0; row < tokenIds.size(); row++) {
            int[] text = tokenIds.get(row);
            if (text.length == 0) {
                throw new IllegalArgumentException("Cannot run the network " + file + ": found no token in text " + row
                        + " of the batch, expected at least [CLS]");
            }
            int start = row * tokens;
            for (int i = 0; i < text.length; i++) {
                ids[start + i] = text[i];
            }
            Arrays.fill(mask, start, start + text.length, 1);
        }
        return run(ids, mask, tokenIds.size(), tokens);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("Cannot close the network " + file, e);
        }
    }

    private float[][] run(long[] ids, long[] mask, int rows, int tokens) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = {rows, tokens};
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OrtSession.Result result = session.run(
                        Map.of(DistilBertGraph.INPUT_IDS, idTensor, DistilBertGraph.ATTENTION_MASK, maskTensor),
                        Set.of(output))) {
            FloatBuffer flat = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[][] outputs = new float[rows][width];
            for (float[] row : outputs) {
                flat.get(row);
            }
            return outputs;
        } catch (OrtException e) {
            throw new UserException(
                    "Cannot run the network " + file + " on a batch of " + rows + " texts of up to " + tokens
                            + " tokens: expected ids within its vocabulary and no more tokens than it has positions."
                            + " ONNX Runtime says: " + e.getMessage(),
                    e);
        }
    }

    private static UserException unreadable(Path modelFile, Exception reason) {
        return new UserException(
                "Cannot open the network " + modelFile + ": found a file that ONNX Runtime does not load, expected an"
                        + " ONNX model. Copy or train it again. The reason: " + reason.getMessage(),
                reason);
    }

    private static void checkInputs(Path file, Map<String, NodeInfo> inputs) {
        for (String name : INPUTS) {
            NodeInfo input = inputs.get(name);
            if (input == null || inputs.size() != INPUTS.size() || !isMatrix(input, OnnxJavaType.INT64)) {
                throw new UserException("Cannot open the network " + file + ": found inputs " + describe(inputs)
                        + ", expected input_ids INT64 and attention_mask INT64, both [batch, tokens]."
                        + " Take the model.onnx of a model bundle.");
            }
        }
    }

    private static int checkedWidth(Path file, String output, Map<String, NodeInfo> outputs) {
        NodeInfo node = outputs.get(output);
        if (node != null && isMatrix(node, OnnxJavaType.FLOAT)) {
            long size = ((TensorInfo) node.getInfo()).getShape()[1];
            if (size > 0) {
                return Math.toIntExact(size);
            }
        }
        throw new UserException("Cannot open the network " + file + ": found outputs " + describe(outputs)
                + ", expected " + output + " FLOAT [batch, width] with a fixed width."
                + " Take the model.onnx of a model bundle.");
    }

    private static boolean isMatrix(NodeInfo node, OnnxJavaType type) {
        return node.getInfo() instanceof TensorInfo tensor && tensor.type == type && tensor.getShape().length == 2;
    }

    private static List<String> describe(Map<String, NodeInfo> nodes) {
        return nodes.values().stream()
                .map(node -> node.getInfo() instanceof TensorInfo tensor
                        ? node.getName() + " " + tensor.type + " " + Arrays.toString(tensor.getShape())
                        : node.getName() + " " + node.getInfo())
                .sorted()
                .toList();
    }
}
