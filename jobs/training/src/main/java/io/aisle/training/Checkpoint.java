package io.aisle.training;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Tensor;
import io.aisle.training.AdamW.Moments;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * All that a training needs to go on from a step as if it had never stopped.
 *
 * @param fingerprint of what is trained on what and how: nothing else can go on from here
 * @param epoch that is under way, from 1
 * @param step steps done in that epoch
 * @param lossSum of the rows of those steps
 * @param rows of those steps
 * @param nanos that the epoch took so far
 * @param history of the epochs before
 * @param bestWeights of the best epoch before; empty where there is none
 */
record Checkpoint(
        String fingerprint,
        int epoch,
        int step,
        double lossSum,
        long rows,
        long nanos,
        List<EpochResult> history,
        SortedMap<String, Tensor> weights,
        SortedMap<String, Moments> moments,
        SortedMap<String, Tensor> bestWeights) {
    private static final int MAGIC = 0x41534c43;
    private static final int VERSION = 1;
    private static final int CHUNK = 1 << 14;

    /** Writes it, and at last a CRC-32 of all that. */
    void writeTo(OutputStream stream) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(new BufferedOutputStream(stream, 1 << 16), new CRC32());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(fingerprint);
        out.writeInt(epoch);
        out.writeInt(step);
        out.writeDouble(lossSum);
        out.writeLong(rows);
        out.writeLong(nanos);
        out.writeInt(history.size());
        for (EpochResult result : history) {
            write(out, result);
        }
        write(out, weights);
        out.writeInt(moments.size());
        for (Map.Entry<String, Moments> entry : moments.entrySet()) {
            out.writeUTF(entry.getKey());
            write(out, entry.getValue().first());
            write(out, entry.getValue().second());
        }
        write(out, bestWeights);
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    /**
     * Reads what was written.
     *
     * @throws UserException if it is no checkpoint, was cut short or changed, or is one of another training
     */
    static Checkpoint read(InputStream stream, String fingerprint) throws IOException {
        CheckedInputStream checked = new CheckedInputStream(new BufferedInputStream(stream, 1 << 16), new CRC32());
        DataInputStream in = new DataInputStream(checked);
        try {
            if (in.readInt() != MAGIC) {
                throw unreadable("another file", "a checkpoint of a training");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw unreadable("format " + version, "format " + VERSION);
            }
            String found = in.readUTF();
            if (!found.equals(fingerprint)) {
                throw unreadable("one of other data, settings or encoder (" + found + ")", "one of " + fingerprint);
            }
            Checkpoint checkpoint = new Checkpoint(
                    found,
                    in.readInt(),
                    in.readInt(),
                    in.readDouble(),
                    in.readLong(),
                    in.readLong(),
                    readHistory(in),
                    readTensors(in),
                    readMoments(in),
                    readTensors(in));
            long sum = checked.getChecksum().getValue();
            if (in.readLong() != sum) {
                throw unreadable("bytes that were changed", "those that were written");
            }
            return checkpoint;
        } catch (EOFException | UTFDataFormatException | NegativeArraySizeException | IllegalArgumentException e) {
            throw unreadable("a file that was cut short or changed", "all of it");
        }
    }

    private static UserException unreadable(String found, String expected) {
        return new UserException("Cannot go on from a checkpoint: found " + found + ", expected " + expected
                + ". Remove the checkpoints to start again.");
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

    private static List<EpochResult> readHistory(DataInputStream in) throws IOException {
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

    private static void write(DataOutputStream out, SortedMap<String, Tensor> tensors) throws IOException {
        out.writeInt(tensors.size());
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeInt(entry.getValue().shape().length);
            for (long size : entry.getValue().shape()) {
                out.writeLong(size);
            }
            write(out, entry.getValue().values());
        }
    }

    private static SortedMap<String, Tensor> readTensors(DataInputStream in) throws IOException {
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

    private static SortedMap<String, Moments> readMoments(DataInputStream in) throws IOException {
        SortedMap<String, Moments> moments = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            moments.put(in.readUTF(), new Moments(readFloats(in), readFloats(in)));
        }
        return moments;
    }

    private static void write(DataOutputStream out, float[] values) throws IOException {
        out.writeInt(values.length);
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            bytes.clear().asFloatBuffer().put(values, from, count);
            out.write(bytes.array(), 0, count * Float.BYTES);
        }
    }

    /** Grows with what is there: a wrong length ends at the end of the file, not of the memory. */
    private static float[] readFloats(DataInputStream in) throws IOException {
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
