package io.aisle.core.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.TreesDefinition.Leaves;
import io.aisle.core.ngram.SparseVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForestTest {
    private static final int FEATURES = 3;
    private static final int LABELS = 4;

    @TempDir
    Path directory;

    @BeforeEach
    void writeTwoTrees() throws IOException {
        try (ForestWriter writer = new ForestWriter(directory)) {
            // feature 0 <= 0.5: label 0; else feature 2, where 0 goes right, <= 1: label 1, else labels 2 and 3
            writer.add(new Node.Split(
                    0,
                    0.5f,
                    true,
                    leaf(0, 1),
                    new Node.Split(
                            2, 1f, false, leaf(1, 1), new Node.Leaf(new int[] {2, 3}, new float[] {0.25f, 0.75f}))));
            writer.add(leaf(3, 0.5f));
            assertThat(writer.nodes()).isEqualTo(6);
        }
    }

    @Test
    void aVectorComesToOneLeafOfEachTree() {
        Forest forest = Forest.read(directory, FEATURES, LABELS);

        assertThat(forest.trees()).isEqualTo(2);
        assertThat(forest.sums(vector())).containsExactly(1, 0, 0, 0.5);
        assertThat(forest.sums(vector(0, 0.5f))).containsExactly(1, 0, 0, 0.5);
        assertThat(forest.sums(vector(0, 0.6f, 2, 1f))).containsExactly(0, 1, 0, 0.5);
        assertThat(forest.sums(vector(0, 0.6f, 2, 1.1f))).containsExactly(0, 0, 0.25, 1.25);
        assertThat(forest.sums(vector(0, 0.6f)))
                .as("0 goes where the node says")
                .containsExactly(0, 0, 0.25, 1.25);
    }

    @Test
    void probabilitiesAreAveragedAndLogitsAddedUp() {
        double[] sums = {1, 0, 0, 0.5};

        assertThat(Leaves.PROBABILITIES.logits(sums, 2, Scaling.temperature(2)))
                .containsExactly(
                        (float) (Math.log(0.5) / 2), (float) (Math.log(1e-6) / 2), (float) (Math.log(1e-6) / 2), (float)
                                (Math.log(0.25) / 2));
        assertThat(Leaves.LOGITS.logits(sums, 2, Scaling.temperature(2))).containsExactly(0.5f, 0, 0, 0.25f);
    }

    @Test
    void thresholdsOfOtherKindsSayTheSameOfFloats() {
        double justBelow = Math.nextDown((double) 0.1f);
        assertThat(Node.atMost(justBelow)).isLessThan(0.1f);
        assertThat(Node.atMost(0.1f)).isEqualTo(0.1f);
        assertThat(Node.atMost(Math.nextUp((double) 0.1f))).isEqualTo(0.1f);
        assertThat(Node.below(0.1f)).isEqualTo(Math.nextDown(0.1f));
    }

    @Test
    void refusesTreesThatAskForOtherFeaturesOrLabels() {
        assertThatThrownBy(() -> Forest.read(directory, 2, LABELS))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the trees " + directory
                        + ": found node 2 with feature 2 and child 3, expected trees of 2 features and 4 labels."
                        + " Copy the bundle again, or train again.");
        assertThatThrownBy(() -> Forest.read(directory, FEATURES, 3)).hasMessageContaining("found label 3");
    }

    @Test
    void refusesAFileThatIsCut() throws IOException {
        Path children = directory.resolve(Forest.CHILDREN_FILE);
        byte[] bytes = Files.readAllBytes(children);
        Files.write(children, Arrays.copyOf(bytes, bytes.length - 4));

        assertThatThrownBy(() -> Forest.read(directory, FEATURES, LABELS))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot read " + children);
    }

    private static Node.Leaf leaf(int label, float value) {
        return new Node.Leaf(new int[] {label}, new float[] {value});
    }

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
