package io.aisle.training;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;

/**
 * Examples in a local file that is mapped into memory: the heap holds 8 bytes a row, whatever its length.
 *
 * <p>A row is its label, its number of tokens and their ids, 4 bytes each and big-endian, then the teacher's float32 for each class where
 * there is one.
 */
public final class TokenFile implements Examples {
    private static final int HEADER_INTS = 2;

    private final int labelCount;
    private final boolean hasTeacher;
    private final RecordFile rows;

    private TokenFile(int labelCount, boolean hasTeacher, RecordFile rows) {
        this.labelCount = labelCount;
        this.hasTeacher = hasTeacher;
        this.rows = rows;
    }

    /** Starts a file. */
    public static Writer write(Path file, int labelCount) {
        return new Writer(file, labelCount);
    }

    @Override
    public int size() {
        return rows.size();
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
        return rows.record(row).getInt(0);
    }

    @Override
    public int length(int row) {
        return rows.record(row).getInt(Integer.BYTES);
    }

    @Override
    public int[] tokenIds(int row) {
        IntBuffer record = rows.record(row).asIntBuffer();
        int[] ids = new int[record.get(1)];
        record.get(HEADER_INTS, ids);
        return ids;
    }

    @Override
    public float[] teacher(int row) {
        if (!hasTeacher) {
            throw new IllegalStateException("Cannot read what the teacher says: there is none");
        }
        FloatBuffer record = rows.record(row).asFloatBuffer();
        float[] answer = new float[labelCount];
        record.get(record.capacity() - labelCount, answer);
        return answer;
    }

    /** Takes rows in their order; a failure to write is one of the machine. */
    public static final class Writer implements AutoCloseable {
        private final Path file;
        private final int labelCount;
        private final RecordFile.Writer out;
        private int rows;
        private int teacherRows;

        private Writer(Path file, int labelCount) {
            this.file = file;
            this.labelCount = labelCount;
            this.out = RecordFile.write(file);
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
            rows++;
            teacherRows += teacher.length == 0 ? 0 : 1;
            ByteBuffer bytes = ByteBuffer.allocate((HEADER_INTS + tokenIds.length + teacher.length) * Integer.BYTES);
            bytes.putInt(label).putInt(tokenIds.length);
            for (int id : tokenIds) {
                bytes.putInt(id);
            }
            for (float value : teacher) {
                bytes.putFloat(value);
            }
            out.add(bytes.flip());
        }

        /** Ends the file and opens it. It may be deleted from then on where the system lets go of names only. */
        public TokenFile open() {
            if (teacherRows != 0 && teacherRows != rows) {
                throw new IllegalStateException("Cannot open " + file + ": found a teacher's answers in " + teacherRows
                        + " of " + rows + " rows, expected all or none");
            }
            return new TokenFile(labelCount, teacherRows > 0, out.open());
        }

        @Override
        public void close() {
            out.close();
        }
    }
}
