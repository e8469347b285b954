package io.aisle.training.linear;

import io.aisle.core.ngram.SparseVector;
import io.aisle.training.RecordFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Labelled sparse rows in a local file that is mapped into memory. May be shared by threads.
 *
 * <p>A row is its label, whether it is of train or validation, and 4 bytes each of its indices, then of its values, little-endian.
 */
public final class SparseRows {
    private static final int TRAIN = 0;
    private static final int VALIDATION = 1;

    private static final int HEADER_INTS = 2;
    private static final int BYTES_PER_FEATURE = Integer.BYTES + Float.BYTES;

    private final RecordFile file;
    private final int features;

    private SparseRows(RecordFile file, int features) {
        this.file = file;
        this.features = features;
    }

    /**
     * Opens a file that a {@link Writer} wrote.
     *
     * @param features of which the indices are some
     */
    public static SparseRows open(Path file, int features) {
        return new SparseRows(RecordFile.open(file), features);
    }

    /** A row in the form of the file. */
    public static byte[] encode(int label, boolean isValidation, SparseVector vector) {
        ByteBuffer bytes = ByteBuffer.allocate(
                        HEADER_INTS * Integer.BYTES + vector.indices().length * BYTES_PER_FEATURE)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(label).putInt(isValidation ? VALIDATION : TRAIN);
        for (int index : vector.indices()) {
            bytes.putInt(index);
        }
        for (float value : vector.values()) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    public int size() {
        return file.size();
    }

    /** How many features a row could have. */
    public int features() {
        return features;
    }

    public int label(int row) {
        return record(row).getInt(0);
    }

    public boolean isValidation(int row) {
        return record(row).getInt(Integer.BYTES) == VALIDATION;
    }

    /** The rows of train, in their order. */
    public int[] train() {
        return IntStream.range(0, size()).filter(row -> !isValidation(row)).toArray();
    }

    /** The rows of validation, in their order. */
    public int[] validation() {
        return IntStream.range(0, size()).filter(this::isValidation).toArray();
    }

    /** A cursor for one thread. */
    public Cursor cursor() {
        return new Cursor();
    }

    private ByteBuffer record(int row) {
        return file.record(row).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One row at a time, copied out of the file: arrays are read faster than mappings. */
    public final class Cursor {
        private int[] indices = new int[1024];
        private float[] values = new float[1024];
        private int length;

        private Cursor() {}

        /** Moves to a row. */
        public void moveTo(int row) {
            ByteBuffer record = record(row).position(HEADER_INTS * Integer.BYTES);
            length = record.remaining() / BYTES_PER_FEATURE;
            if (length > indices.length) {
                indices = new int[2 * length];
                values = new float[2 * length];
            }
            record.asIntBuffer().get(indices, 0, length);
            record.position(record.position() + length * Integer.BYTES);
            record.asFloatBuffer().get(values, 0, length);
        }

        /** The sum of the squared values. */
        double squares() {
            double squares = 0;
            for (int i = 0; i < length; i++) {
                squares += (double) values[i] * values[i];
            }
            return squares;
        }

        /** The sum of the values times the weights. */
        double dot(float[] weights) {
            double dot = 0;
            for (int i = 0; i < length; i++) {
                dot += (double) values[i] * weights[indices[i]];
            }
            return dot;
        }

        /** Adds the values, scaled, to the weights. */
        void addTo(float[] weights, double scale) {
            for (int i = 0; i < length; i++) {
                weights[indices[i]] += (float) (scale * values[i]);
            }
        }
    }

    /** Takes rows in their order. */
    public static final class Writer implements AutoCloseable {
        private final RecordFile.Writer out;

        public Writer(Path file) {
            this.out = RecordFile.write(file);
        }

        /** Adds what {@link SparseRows#encode} made. */
        public void add(byte[] row) {
            out.add(ByteBuffer.wrap(row));
        }

        @Override
        public void close() {
            out.close();
        }
    }
}
