package io.aisle.core.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.ngram.SparseVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearWeightsTest {
    /** Where the numbers of an array begin. */
    private static final int HEADER = 128;

    @TempDir
    private Path directory;

    @Test
    void addsUpByHand() throws IOException {
        // feature 0 speaks for label 0, feature 1 for nobody, feature 2 for 1 and against 0
        write(new float[][] {{2, 0}, {0, 0}, {-1, 4}}, 10, 20);

        LinearWeights weights = LinearWeights.read(directory, 3, 2);

        assertThat(weights.classes()).isEqualTo(2);
        assertThat(weights.count()).isEqualTo(3);
        assertThat(weights.scores(vector())).containsExactly(10, 20);
        assertThat(weights.scores(vector(0, 0.5f))).containsExactly(11, 20);
        assertThat(weights.scores(vector(1, 7))).containsExactly(10, 20);
        // 10 + 0.5 · 2 - 3 · 1, 20 + 3 · 4
        assertThat(weights.scores(vector(0, 0.5f, 2, 3))).containsExactly(8, 32);
    }

    @Test
    void filesAreThoseOfACompressedSparseRowMatrix() throws IOException {
        write(new float[][] {{2, 0}, {0, 0}, {-1, 4}}, 10, 20);

        assertThat(numbers("data.npy").asFloatBuffer())
                .isEqualTo(ByteBuffer.wrap(floats(2, -1, 4)).asFloatBuffer());
        assertThat(numbers("indices.npy").asCharBuffer().chars()).containsExactly(0, 0, 1);
        assertThat(numbers("indptr.npy").asLongBuffer()).isEqualTo(LongBuffer.wrap(new long[] {0, 1, 1, 3}));
        assertThat(numbers("bias.npy").asFloatBuffer())
                .isEqualTo(ByteBuffer.wrap(floats(10, 20)).asFloatBuffer());
    }

    @Test
    void scoresAreThoseOfADenseProduct() throws IOException {
        SplittableRandom random = new SplittableRandom(29);
        for (int round = 0; round < 30; round++) {
            int features = random.nextInt(1, 60);
            int labels = random.nextInt(1, 12);
            float[][] dense = new float[features][labels];
            for (float[] row : dense) {
                for (int label = 0; label < labels; label++) {
                    row[label] = random.nextInt(3) == 0 ? (float) random.nextDouble(-5, 5) : 0;
                }
            }
            float[] bias = new float[labels];
            for (int label = 0; label < labels; label++) {
                bias[label] = (float) random.nextDouble(-1, 1);
            }
            write(dense, bias);
            LinearWeights weights = LinearWeights.read(directory, features, labels);
            for (int product = 0; product < 20; product++) {
                int[] indices = IntStream.range(0, features)
                        .filter(feature -> random.nextInt(4) == 0)
                        .toArray();
                float[] values = new float[indices.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextDouble();
                }

                float[] scores = weights.scores(new SparseVector(indices, values));

                for (int label = 0; label < labels; label++) {
                    double expected = bias[label];
                    for (int i = 0; i < indices.length; i++) {
                        expected += (double) values[i] * dense[indices[i]][label];
                    }
                    assertThat(scores[label]).isEqualTo((float) expected);
                }
            }
        }
    }

    @Test
    void labelsGoUpTo16Bits() throws IOException {
        try (LinearWeights.Writer writer = new LinearWeights.Writer(directory)) {
            float[] bias = new float[LinearWeights.MAX_CLASSES];
            writer.bias(bias);
            writer.add(LinearWeights.MAX_CLASSES - 1, 3);
            writer.endFeature();
        }

        float[] scores =
                LinearWeights.read(directory, 1, LinearWeights.MAX_CLASSES).scores(vector(0, 2));

        assertThat(scores[LinearWeights.MAX_CLASSES - 1]).isEqualTo(6);
        assertThat(scores[0]).isZero();
    }

    @Test
    void weightsOfNothingScoreByTheBias() throws IOException {
        write(new float[][] {{0, 0}}, 1, 2);

        assertThat(LinearWeights.read(directory, 1, 2).scores(vector(0, 5))).containsExactly(1, 2);
    }

    @Test
    void refusesOtherFeaturesAndOtherLabels() throws IOException {
        write(new float[][] {{2, 0}, {0, 1}}, 10, 20);

        assertThatThrownBy(() -> LinearWeights.read(directory, 3, 2))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot read " + directory.resolve("indptr.npy") + ": found 152 bytes, expected 160");
        assertThatThrownBy(() -> LinearWeights.read(directory, 2, 3))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot read " + directory.resolve("bias.npy") + ": found 136 bytes, expected 140");
    }

    @Test
    void refusesBeginningsThatFallOrAreFarOut() throws IOException {
        write(new float[][] {{2, 0}, {0, 1}}, 10, 20);
        assertIndptrRefused("found 1 at 0, expected numbers from 0 that do not fall", 1, 1, 2);
        assertIndptrRefused("found -1 at 1", 0, -1, 2);
        assertIndptrRefused("found 2 at 2", 0, 3, 2);
        assertIndptrRefused("expected 140, an array of 3 numbers", 0, 1, 3);
        assertIndptrRefused("an array of 9223372036854775807 numbers", 0, 1, Long.MAX_VALUE);
    }

    @Test
    void refusesFilesThatAreNotThere() throws IOException {
        write(new float[][] {{2, 0}, {0, 1}}, 10, 20);
        Files.delete(directory.resolve("data.npy"));

        assertThatThrownBy(() -> LinearWeights.read(directory, 2, 2))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read weights from " + directory + ": found ")
                .hasMessageContaining("data.npy");
    }

    private void assertIndptrRefused(String message, long... numbers) throws IOException {
        patch("indptr.npy", bytes -> bytes.asLongBuffer().put(numbers));

        assertThatThrownBy(() -> LinearWeights.read(directory, 2, 2))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + directory)
                .hasMessageContaining(message);
    }

    /** @param dense [features][labels] */
    private void write(float[][] dense, float... bias) throws IOException {
        try (LinearWeights.Writer writer = new LinearWeights.Writer(directory)) {
            writer.bias(bias);
            for (float[] ofFeature : dense) {
                for (int label = 0; label < ofFeature.length; label++) {
                    if (ofFeature[label] != 0) {
                        writer.add(label, ofFeature[label]);
                    }
                }
                writer.endFeature();
            }
        }
    }

    private interface Patch {
        void to(ByteBuffer numbers);
    }

    private void patch(String name, Patch patch) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(name));
        patch.to(ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER).slice().order(ByteOrder.LITTLE_ENDIAN));
        Files.write(directory.resolve(name), bytes);
    }

    private ByteBuffer numbers(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(name));
        return ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** @param pairs of feature and value */
    private static SparseVector vector(float... pairs) {
        int[] indices = new int[pairs.length / 2];
        float[] values = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) pairs[2 * i];
            values[i] = pairs[2 * i + 1];
        }
        return new SparseVector(indices, values);
    }
}
