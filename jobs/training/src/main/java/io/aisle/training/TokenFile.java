package io.aisle.training;

import io.aisle.core.UserException;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Examples in a local file that is mapped into memory: the heap holds 8 bytes a row, whatever its length.
 *
 * <p>A row is its label, its number of tokens and their ids, 4 bytes each and big-endian, then the teacher's float32 for each class where
 * there is one.
 */
public final class TokenFile implements Examples {
    /** A mapping cannot be longer than 2 GB; a row begins in the window that its place divided by this names. */
    private static final long WINDOW = 1L << 30;

    private static final int HEADER_INTS = 2;

    private final int labelCount;
    private final boolean hasTeacher;
    private final long[] places;
    private final long window;
    private final MappedByteBuffer[] windows;

    private TokenFile(int labelCount, boolean hasTeacher, long[] places, long window, MappedByteBuffer[] windows) {
        this.labelCount = labelCount;
        this.hasTeacher = hasTeacher;
        this.places = places;
        this.window = window;
        this.windows = windows;
    }

    /** Starts a file. */
    public static Writer write(Path file, int labelCount) {
        return new Writer(file, labelCount);
    }

    @Override
    public int size() {
        return places.length;
    }

    @Override
    public int labelCount() {
        return labelCount;
    }

    @Override
    public boolean hasTeacher() {
        return hasTeacher;
    }

    @Override
    public int label(int row) {
        return window(row).getInt(offset(row));
    }

    @Override
    public int length(int row) {
        return window(row).getInt(offset(row) + Integer.BYTES);
    }

    @Override
    public int[] tokenIds(int row) {
        int[] ids = new int[length(row)];
        tokens(row).get(ids);
        return ids;
    }

    @Override
    public float[] teacher(int row) {
        if (!hasTeacher) {
            throw new IllegalStateException("Cannot read what the teacher says: there is none");
        }
        float[] answer = new float[labelCount];
        int from = offset(row) + (HEADER_INTS + length(row)) * Integer.BYTES;
        FloatBuffer floats = window(row).slice(from, labelCount * Float.BYTES).asFloatBuffer();
        floats.get(answer);
        return answer;
    }

    private IntBuffer tokens(int row) {
        return window(row)
                .slice(offset(row) + HEADER_INTS * Integer.BYTES, length(row) * Integer.BYTES)
                .asIntBuffer();
    }

    private ByteBuffer window(int row) {
        return windows[(int) (places[row] / window)];
    }

    private int offset(int row) {
        return (int) (places[row] % window);
    }

    /** Takes rows in their order; a failure to write is one of the machine. */
    public static final class Writer implements AutoCloseable {
        private final Path file;
        private final int labelCount;
        private final DataOutputStream out;
        private long[] places = new long[1024];
        private int rows;
        private long length;
        private int teacherRows;

        private Writer(Path file, int labelCount) {
            this.file = file;
            this.labelCount = labelCount;
            try {
                this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
            } catch (IOException e) {
                throw notWritable(file, e);
            }
        }

        /** Adds a row. */
        public void add(int[] tokenIds, int label) {
            add(tokenIds, label, new float[0]);
        }

        /**
         * Adds a row that a teacher answered; then every row must be.
         *
         * @param teacher the log-probability of each class, or nothing
         */
        public void add(int[] tokenIds, int label, float[] teacher) {
            if (tokenIds.length == 0) {
                throw new IllegalArgumentException(
                        "Cannot add row " + rows + ": found no token, expected at least [CLS] and [SEP]");
            }
            if (label < UNLABELLED || label >= labelCount) {
                throw new IllegalArgumentException("Cannot add row " + rows + ": found label " + label
                        + ", expected 0 to " + (labelCount - 1) + ", or " + UNLABELLED);
            }
            if (teacher.length != 0 && teacher.length != labelCount) {
                throw new IllegalArgumentException("Cannot add row " + rows + ": found " + teacher.length
                        + " answers of a teacher, expected " + labelCount);
            }
            if (rows == places.length) {
                places = Arrays.copyOf(places, 2 * rows);
            }
            places[rows++] = length;
            teacherRows += teacher.length == 0 ? 0 : 1;
            ByteBuffer bytes = ByteBuffer.allocate((HEADER_INTS + tokenIds.length + teacher.length) * Integer.BYTES);
            bytes.putInt(label).putInt(tokenIds.length);
            for (int id : tokenIds) {
                bytes.putInt(id);
            }
            for (float value : teacher) {
                bytes.putFloat(value);
            }
            length += bytes.capacity();
            try {
                out.write(bytes.array());
            } catch (IOException e) {
                throw notWritable(file, e);
            }
        }

        /** Ends the file and opens it. It may be deleted from then on where the system lets go of names only. */
        public TokenFile open() {
            return open(WINDOW);
        }

        TokenFile open(long window) {
            if (teacherRows != 0 && teacherRows != rows) {
                throw new IllegalStateException("Cannot open " + file + ": found a teacher's answers in " + teacherRows
                        + " of " + rows + " rows, expected all or none");
            }
            close();
            MappedByteBuffer[] windows = new MappedByteBuffer[Math.toIntExact(length / window) + 1];
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                for (int i = 0; i < windows.length; i++) {
                    // twice as long as rows begin in it, so that none is cut
                    long from = i * window;
                    windows[i] = channel.map(
                            FileChannel.MapMode.READ_ONLY, from, Math.min(length - from, Integer.MAX_VALUE));
                }
            } catch (IOException e) {
                throw notWritable(file, e);
            }
            return new TokenFile(labelCount, teacherRows > 0, Arrays.copyOf(places, rows), window, windows);
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close " + file, e);
            }
        }

        private static UserException notWritable(Path file, IOException cause) {
            return new UserException(
                    "Cannot write tokens to " + file + ": found " + cause
                            + ", expected room on this machine's disk. Name a larger one by spark.local.dir.",
                    cause);
        }
    }
}
