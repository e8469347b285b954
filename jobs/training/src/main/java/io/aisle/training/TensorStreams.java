package io.aisle.training;

import io.aisle.core.onnx.Tensor;
import io.aisle.training.AdamW.Moments;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How what a training holds is written down: big-endian, a length before whatever has one. */
final class TensorStreams {
    private static final int CHUNK = 1 << 14;

    private TensorStreams() {}

    static void writeHistory(DataOutputStream out, List<EpochResult> history) throws IOException {
        out.writeInt(history.size());
        for (EpochResult result : history) {
            write(out, result);
        }
    }

    private static void write(DataOutputStream out, EpochResult result) throws IOException {
        out.writeInt(result.epoch());
        out.writeDouble(result.trainLoss());
        out.writeDouble(result.validationLoss());
        out.writeDouble(result.score());
        out.writeDouble(result.seconds());
        out.writeInt(result.metrics().size());
        for (Map.Entry<String, Double> metric : result.metrics().entrySet()) {
            out.writeUTF(metric.getKey());
            out.writeDouble(metric.getValue());
        }
    }

    static List<EpochResult> readHistory(DataInputStream in) throws IOException {
        List<EpochResult> history = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            int epoch = in.readInt();
            double trainLoss = in.readDouble();
            double validationLoss = in.readDouble();
            double score = in.readDouble();
            double seconds = in.readDouble();
            SortedMap<String, Double> metrics = new TreeMap<>();
            for (int names = in.readInt(); names > 0; names--) {
                metrics.put(in.readUTF(), in.readDouble());
            }
            history.add(new EpochResult(epoch, trainLoss, validationLoss, score, metrics, seconds));
        }
        return history;
    }

    static void writeTensors(DataOutputStream out, SortedMap<String, Tensor> tensors) throws IOException {
        out.writeInt(tensors.size());
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeInt(entry.getValue().shape().length);
            for (long size : entry.getValue().shape()) {
                out.writeLong(size);
            }
            writeFloats(out, entry.getValue().values());
        }
    }

    static SortedMap<String, Tensor> readTensors(DataInputStream in) throws IOException {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            long[] shape = new long[Math.min(in.readInt(), Byte.MAX_VALUE)];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = in.readLong();
            }
            tensors.put(name, new Tensor(shape, readFloats(in)));
        }
        return tensors;
    }

    static void writeMoments(DataOutputStream out, SortedMap<String, Moments> moments) throws IOException {
        out.writeInt(moments.size());
        for (Map.Entry<String, Moments> entry : moments.entrySet()) {
            out.writeUTF(entry.getKey());
            writeFloats(out, entry.getValue().first());
            writeFloats(out, entry.getValue().second());
        }
    }

    static SortedMap<String, Moments> readMoments(DataInputStream in) throws IOException {
        SortedMap<String, Moments> moments = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            moments.put(in.readUTF(), new Moments(readFloats(in), readFloats(in)));
        }
        return moments;
    }

    static void writeFloats(DataOutputStream out, float[] values) throws IOException {
        out.writeInt(values.length);
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            bytes.clear().asFloatBuffer().put(values, from, count);
            out.write(bytes.array(), 0, count * Float.BYTES);
        }
    }

    /** Grows with what is there: a wrong length ends at the end of the file, not of the memory. */
    static float[] readFloats(DataInputStream in) throws IOException {
        int length = in.readInt();
        float[] values = new float[Math.min(length, CHUNK)];
        byte[] bytes = new byte[CHUNK * Float.BYTES];
        for (int from = 0; from < length; from += CHUNK) {
            int count = Math.min(CHUNK, length - from);
            in.readFully(bytes, 0, count * Float.BYTES);
            if (from + count > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(length, 2L * values.length + count));
            }
            ByteBuffer.wrap(bytes).asFloatBuffer().get(values, from, count);
        }
        return values;
    }
}
