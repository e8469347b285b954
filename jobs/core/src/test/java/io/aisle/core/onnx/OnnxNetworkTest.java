package io.aisle.core.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxNetworkTest {
    @TempDir
    private Path directory;

    private Path file;
    private ModelProto model;

    @BeforeEach
    void writeModel() throws IOException {
        DistilBertConfig config = TinyDistilBert.config(30, 12, Pooling.CLS);
        model = DistilBertGraph.build(config, TinyDistilBert.weights(config, 3, 1), 1);
        file = directory.resolve("model.onnx");
        Files.write(file, model.toByteArray());
    }

    @Test
    void answersNothingForNoText() {
        try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
            assertThat(network.logits(List.of())).isEmpty();
        }
    }

    @Test
    void answersThreadsAtOnceAsOneAfterTheOther() throws Exception {
        List<List<int[]>> batches = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            batches.add(List.of(new int[] {2, 4 + i % 20, 3}, new int[1 + i % 12]));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
            List<Future<float[][]>> answers = new ArrayList<>();
            for (List<int[]> batch : batches) {
                answers.add(threads.submit(() -> network.logits(batch)));
            }
            for (int i = 0; i < batches.size(); i++) {
                assertThat(answers.get(i).get()).isDeepEqualTo(network.logits(batches.get(i)));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusesMissingFile() {
        Path missing = directory.resolve("nowhere.onnx");

        assertThatThrownBy(() -> OnnxNetwork.open(missing, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot open the network " + missing
                        + ": found no such file, expected an ONNX model. Give the path of a model.onnx.");
    }

    @Test
    void refusesFileThatIsNoModel() throws IOException {
        Files.writeString(file, "not a protobuf", StandardCharsets.UTF_8);

        assertThatThrownBy(() -> OnnxNetwork.open(file, 1))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot open the network " + file
                        + ": found a file that ONNX Runtime does not load, expected an ONNX model.");
    }

    @Test
    void refusesOtherInputs() throws IOException {
        ModelProto.Builder other = model.toBuilder();
        other.getGraphBuilder()
                .addInputBuilder()
                .mergeFrom(model.getGraph().getInput(0))
                .setName("token_type_ids");
        Files.write(file, other.build().toByteArray());

        assertThatThrownBy(() -> OnnxNetwork.open(file, 1))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot open the network " + file + ": found inputs [attention_mask INT64 [-1, -1], input_ids"
                                + " INT64 [-1, -1], token_type_ids INT64 [-1, -1]], expected input_ids INT64 and attention_mask"
                                + " INT64, both [batch, tokens]. Take the model.onnx of a model bundle.");
    }

    @Test
    void refusesOtherOutput() throws IOException {
        ModelProto.Builder other = model.toBuilder();
        other.getGraphBuilder().getOutputBuilder(0).setName("classifier");
        Files.write(file, other.build().toByteArray());

        assertThatThrownBy(() -> OnnxNetwork.open(file, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot open the network " + file
                        + ": found outputs [classifier FLOAT [-1, 3]], expected logits"
                        + " FLOAT [batch, width] with a fixed width. Take the model.onnx of a model bundle.");
    }

    @Test
    void refusesClassifierWhereAnEncoderIsWanted() {
        assertThatThrownBy(() -> OnnxNetwork.open(file, DistilBertGraph.FEATURES, 1, Device.CPU))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot open the network " + file
                        + ": found outputs [logits FLOAT [-1, 3]], expected features FLOAT [batch, width]");
    }

    @Test
    void namesTheFileWhenIdsAreOutsideTheVocabulary() {
        try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
            assertThatThrownBy(() -> network.logits(List.of(new int[] {2, 30})))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Cannot run the network " + file
                            + " on a batch of 1 texts of up to 2 tokens: expected ids within its vocabulary");
        }
    }

    @Test
    void namesTheFileWhenATextIsLongerThanThePositions() {
        try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
            assertThatThrownBy(() -> network.logits(List.of(new int[13])))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Cannot run the network " + file
                            + " on a batch of 1 texts of up to 13 tokens: expected ids within its vocabulary and no more"
                            + " tokens than it has positions.");
        }
    }

    @Test
    void refusesTextWithoutTokens() {
        try (OnnxNetwork network = OnnxNetwork.open(file, 1)) {
            assertThatThrownBy(() -> network.logits(List.of(new int[] {2}, new int[0])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot run the network " + file
                            + ": found no token in text 1 of the batch, expected at least [CLS]");
        }
    }
}
