package io.aisle.core.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedModelTest {
    @TempDir
    private Path directory;

    @Test
    void leavesLargeWeightsInTheFileAndFindsThemThere() throws IOException {
        DistilBertConfig config = new DistilBertConfig(100, 16, 32, 2, 2, 64, Pooling.MEAN);
        ModelProto whole = DistilBertGraph.build(config, TinyDistilBert.weights(config, 3, 1), 1);
        Path file = directory.resolve("model.onnx");
        Files.write(file, whole.toByteArray());

        MappedModel mapped = MappedModel.read(file);

        assertThat(mapped.model().getSerializedSize()).isLessThan(whole.getSerializedSize() / 4);
        assertThat(mapped.model().getGraph().getNodeList())
                .isEqualTo(whole.getGraph().getNodeList());
        List<TensorProto> weights = new ArrayList<>();
        for (TensorProto weight : mapped.model().getGraph().getInitializerList()) {
            weights.add(mapped.whole(weight));
        }
        assertThat(weights).isEqualTo(whole.getGraph().getInitializerList());
    }
}
