package io.aisle.core.linear;

import io.aisle.core.UserException;
import io.aisle.core.ngram.SparseVector;
import io.aisle.core.numpy.NpyFile;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/**
 * The weights of a linear model, [features, classes], most of them 0: compressed sparse rows, a row a feature, mapped into memory.
 *
 * <p>On disk, as {@code scipy.sparse.csr_matrix} takes them: {@value #DATA_FILE} (float32), {@value #INDICES_FILE} (uint16: the class of
 * each), {@value #INDPTR_FILE} (int64: where each feature's begin, and the end), and {@value #BIAS_FILE} (float32, one a class). May be
 * shared by threads.
 */
public final class LinearWeights {
    /** Classes are written in 16 bits. */
    public static final int MAX_CLASSES = 1 << 16;

    public static final String DATA_FILE = "data.npy";
    public static final String INDICES_FILE = "indices.npy";
    public static final String INDPTR_FILE = "indptr.npy";
    public static final String BIAS_FILE = "bias.npy";

    private final FloatBuffer data;
    private final CharBuffer indices;
    private final int[] starts;
    private final float[] bias;

    private LinearWeights(FloatBuffer data, CharBuffer indices, int[] starts, float[] bias) {
        this.data = data;
        this.indices = indices;
        this.starts = starts;
        this.bias = bias;
    }

    /**
     * Maps weights.
     *
     * @throws UserException if the files are not of so many features and classes
     */
    public static LinearWeights read(Path directory, int features, int classes) {
        try {
            long[] indptr = NpyFile.longs(directory.resolve(INDPTR_FILE), features + 1);
            long count = indptr[features];
            FloatBuffer data = NpyFile.mapFloats(directory.resolve(DATA_FILE), count);
            int[] starts = new int[indptr.length];
            for (int i = 0; i < starts.length; i++) {
                if (indptr[i] < (i == 0 ? 0 : indptr[i - 1]) || (i == 0 && indptr[0] != 0)) {
                    throw new UserException("Cannot read " + directory.resolve(INDPTR_FILE)
                            + ": found " + indptr[i] + " at " + i + ", expected numbers from 0 that do not fall."
                            + " Copy the bundle again, or train again.");
                }
                starts[i] = Math.toIntExact(indptr[i]);
            }
            return new LinearWeights(
                    data,
                    NpyFile.mapChars(directory.resolve(INDICES_FILE), count),
                    starts,
                    NpyFile.floats(directory.resolve(BIAS_FILE), classes));
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read weights from " + directory + ": found " + e + ", expected readable files", e);
        }
    }

    /** How many classes there are. */
    public int classes() {
        return bias.length;
    }

    /** How many weights are not 0. */
    public int count() {
        return starts[starts.length - 1];
    }

    /** The scores of a vector, float[classes]: summed in double, features ascending. */
    public float[] scores(SparseVector vector) {
        double[] sums = new double[bias.length];
        for (int number = 0; number < sums.length; number++) {
            sums[number] = bias[number];
        }
        for (int i = 0; i < vector.indices().length; i++) {
            int feature = vector.indices()[i];
            double value = vector.values()[i];
            for (int at = starts[feature]; at < starts[feature + 1]; at++) {
                sums[indices.get(at)] += value * data.get(at);
            }
        }
        float[] scores = new float[sums.length];
        for (int number = 0; number < scores.length; number++) {
            scores[number] = (float) sums[number];
        }
        return scores;
    }

    /** Writes weights, feature by feature. */
    public static final class Writer implements AutoCloseable {
        private final NpyFile.Writer data;
        private final NpyFile.Writer indices;
        private final NpyFile.Writer indptr;
        private final Path directory;
        private long count;

        /** Starts them in a directory that exists. */
        public Writer(Path directory) throws IOException {
            this.directory = directory;
            this.data = NpyFile.writeFloats(directory.resolve(DATA_FILE));
            this.indices = NpyFile.writeChars(directory.resolve(INDICES_FILE));
            this.indptr = NpyFile.writeLongs(directory.resolve(INDPTR_FILE));
            indptr.add(0L);
        }

        /** Adds a weight of the feature that is being written; its classes ascend. */
        public void add(int number, float weight) throws IOException {
            indices.add((char) number);
            data.add(weight);
            count++;
        }

        /** Ends a feature. */
        public void endFeature() throws IOException {
            indptr.add(count);
        }

        /** Writes what is added to every score, one a class. */
        public void bias(float[] bias) throws IOException {
            try (NpyFile.Writer writer = NpyFile.writeFloats(directory.resolve(BIAS_FILE))) {
                for (float each : bias) {
                    writer.add(each);
                }
            }
        }

        @Override
        public void close() throws IOException {
            try (data;
                    indices;
                    indptr) {
                // each is closed whatever becomes of the others
            }
        }
    }
}
