package io.aisle.batch.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.training.RecordFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassWeightsFileTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeThreeClasses() {
        file = directory.resolve("weights");
        try (RecordFile.Writer writer = RecordFile.write(file)) {
            add(writer, new float[] {0, 1.5f, 0, -2}, 0.25);
            add(writer, new float[] {3, 0, 0, 4}, -1);
            add(writer, new float[4], 0);
        }
    }

    @Test
    void givesTheWeightsOfEveryClassFeatureByFeature() {
        ClassWeightsFile weights = ClassWeightsFile.open(file);
        float[] ofFeature = {9, 9, 9};

        assertThat(weights.biases()).containsExactly(0.25f, -1, 0);
        weights.next(0, ofFeature);
        assertThat(ofFeature).containsExactly(0, 3, 0);
        weights.next(1, ofFeature);
        assertThat(ofFeature).containsExactly(1.5f, 0, 0);
        weights.next(2, ofFeature);
        assertThat(ofFeature).containsOnly(0);
        weights.next(3, ofFeature);
        assertThat(ofFeature).containsExactly(-2, 4, 0);
    }

    @Test
    void beginsAnewWithTheBiases() {
        ClassWeightsFile weights = ClassWeightsFile.open(file);
        float[] ofFeature = new float[3];
        weights.biases();
        weights.next(3, ofFeature);

        assertThat(weights.biases()).containsExactly(0.25f, -1, 0);
        weights.next(0, ofFeature);
        assertThat(ofFeature).containsExactly(0, 3, 0);
    }

    @Test
    void keepsWhatIsNot0() {
        // a bias and two pairs of 8 bytes
        assertThat(ClassWeightsFile.encode(new float[] {3, -0f, 0, 4}, -1)).hasSize(4 + 2 * 8);
    }

    private static void add(RecordFile.Writer writer, float[] weights, double bias) {
        writer.add(ByteBuffer.wrap(ClassWeightsFile.encode(weights, bias)));
    }
}
