package io.aisle.core.mlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.ngram.SparseVector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerceptronTest {
    private static final List<Integer> LAYERS = List.of(2, 1, 2);

    @TempDir
    Path directory;

    @Test
    void layersFollowEachOther() throws IOException {
        Perceptron.write(directory, new double[] {2, -1, 0.5, 3, -3, 0, 1});

        float[] scores =
                Perceptron.read(directory, LAYERS).scores(new SparseVector(new int[] {0, 1}, new float[] {0.25f, 1f}));

        // 2 * 0.25 - 1 * 1 + 0.5 = 0, of which the logistic function is one half
        assertThat(scores).containsExactly(new float[] {1.5f, -0.5f}, Offset.offset(1e-6f));
    }

    @Test
    void withoutHiddenLayersItIsLinear() throws IOException {
        Perceptron.write(directory, new double[] {2, -2, 1, 0, 0.5, 0});

        assertThat(Perceptron.read(directory, List.of(2, 2)).scores(new SparseVector(new int[] {0}, new float[] {1f})))
                .containsExactly(2.5f, -2f);
    }

    @Test
    void refusesWeightsOfOtherLayers() throws IOException {
        Perceptron.write(directory, new double[] {1, 2, 3});

        assertThatThrownBy(() -> Perceptron.read(directory, LAYERS))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("an array of 7 numbers of type <f4");
    }
}
