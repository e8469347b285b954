package io.aisle.core.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWeightsTest {
    @TempDir
    private Path folder;

    @Test
    void areThoseThatTheGraphWasBuiltFrom() throws IOException {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.MEAN);
        Map<String, Tensor> weights = TinyDistilBert.weights(config, 3, 1);
        Path file = folder.resolve("model.onnx");
        Files.write(file, DistilBertGraph.build(config, weights, 1).toByteArray());

        Tensor read = OnnxWeights.read(file, DistilBertWeights.WORD_EMBEDDINGS);

        assertThat(read.shape()).containsExactly(30, 12);
        assertThat(read.values())
                .isEqualTo(weights.get(DistilBertWeights.WORD_EMBEDDINGS).values());
        assertThatThrownBy(() -> OnnxWeights.read(file, "cls.predictions.bias"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no float32 weight cls.predictions.bias");
    }

    @Test
    void areNotReadFromAnotherFile() throws IOException {
        Path file = Files.writeString(folder.resolve("model.onnx"), "no model");
        assertThatThrownBy(() -> OnnxWeights.read(file, "any"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read weights from " + file + ": found ");
    }
}
