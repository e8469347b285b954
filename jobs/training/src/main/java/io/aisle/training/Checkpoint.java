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
import java.util.List;
import java.util.SortedMap;
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
 * @param lossScale as it is now
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
        ScaleState lossScale,
        List<EpochResult> history,
        SortedMap<String, Tensor> weights,
        SortedMap<String, Moments> moments,
        SortedMap<String, Tensor> bestWeights) {
    private static final int MAGIC = 0x41534c43;
    private static final int VERSION = 2;

    /**
     * Of a {@link LossScale}.
     *
     * @param steps since the factor changed
     */
    record ScaleState(float factor, int steps) {}

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
        out.writeFloat(lossScale.factor());
        out.writeInt(lossScale.steps());
        TensorStreams.writeHistory(out, history);
        TensorStreams.writeTensors(out, weights);
        TensorStreams.writeMoments(out, moments);
        TensorStreams.writeTensors(out, bestWeights);
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    /**
     * Reads what was written.
     *
     * @param place what a user has to remove where it cannot be read
     * @throws UserException if it is no checkpoint, was cut short or changed, or is one of another training
     */
    static Checkpoint read(InputStream stream, String fingerprint, String place) throws IOException {
        CheckedInputStream checked = new CheckedInputStream(new BufferedInputStream(stream, 1 << 16), new CRC32());
        DataInputStream in = new DataInputStream(checked);
        try {
            if (in.readInt() != MAGIC) {
                throw unreadable(place, "another file", "a checkpoint of a training");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw unreadable(place, "format " + version, "format " + VERSION);
            }
            String found = in.readUTF();
            if (!found.equals(fingerprint)) {
                throw unreadable(
                        place, "one of other data, settings or encoder (" + found + ")", "one of " + fingerprint);
            }
            Checkpoint checkpoint = new Checkpoint(
                    found,
                    in.readInt(),
                    in.readInt(),
                    in.readDouble(),
                    in.readLong(),
                    in.readLong(),
                    new ScaleState(in.readFloat(), in.readInt()),
                    TensorStreams.readHistory(in),
                    TensorStreams.readTensors(in),
                    TensorStreams.readMoments(in),
                    TensorStreams.readTensors(in));
            long sum = checked.getChecksum().getValue();
            if (in.readLong() != sum) {
                throw unreadable(place, "bytes that were changed", "those that were written");
            }
            return checkpoint;
        } catch (EOFException | UTFDataFormatException | NegativeArraySizeException | IllegalArgumentException e) {
            throw unreadable(place, "a file that was cut short or changed", "all of it");
        }
    }

    private static UserException unreadable(String place, String found, String expected) {
        return new UserException("Cannot go on from the checkpoint in " + place + ": found " + found + ", expected "
                + expected + ". Remove that directory to start again.");
    }
}
