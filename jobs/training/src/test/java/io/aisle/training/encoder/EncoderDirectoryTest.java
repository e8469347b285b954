package io.aisle.training.encoder;

import static io.aisle.training.encoder.PublishedFiles.BERT_CONFIG;
import static io.aisle.training.encoder.PublishedFiles.DISTILBERT_CONFIG;
import static io.aisle.training.encoder.PublishedFiles.withPrefix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertGraph;
import io.aisle.core.onnx.OnnxNetwork;
import io.aisle.core.onnx.Tensor;
import io.aisle.training.InitialWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderDirectoryTest {
    private static final int LABELS = 3;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void readsTheBitsThatItWrote(int layers) {
        DistilBertConfig config = new DistilBertConfig(11, 7, 8, layers, 4, 12, Pooling.CLS);
        SortedMap<String, Tensor> weights = InitialWeights.random(config, LABELS, 1);
        weights.keySet().removeIf(name -> name.startsWith("classifier"));
        Encoder encoder = new Encoder(config, PublishedFiles.vocabulary(), weights);

        EncoderDirectory.write(encoder, directory.resolve("written"));
        Encoder read = EncoderDirectory.read(directory.resolve("written"));

        assertThat(read.config()).isEqualTo(config);
        assertThat(read.vocabulary()).isEqualTo(encoder.vocabulary());
        assertSame(read.weights(), weights);
        assertThat(read.fingerprint()).isEqualTo(encoder.fingerprint());
    }

    @Test
    void writesWhatTransformersReads() throws IOException {
        EncoderDirectory.write(distilBert(), directory.resolve("written"));

        Path written = directory.resolve("written");
        try (Stream<Path> files = Files.list(written)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt");
        }
        JsonNode config = json(written.resolve("config.json"));
        JsonNode published = new JsonMapper().readTree(DISTILBERT_CONFIG);
        for (String key : List.of(
                "model_type",
                "vocab_size",
                "max_position_embeddings",
                "dim",
                "n_layers",
                "n_heads",
                "hidden_dim",
                "activation",
                "sinusoidal_pos_embds",
                "pad_token_id")) {
            assertThat(config.path(key)).as(key).isEqualTo(published.path(key));
        }
        assertThat(json(written.resolve("tokenizer_config.json"))
                        .path("do_lower_case")
                        .booleanValue())
                .isTrue();
    }

    private static JsonNode json(Path file) throws IOException {
        return new JsonMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void readsADistilBertWithAndWithoutAHead() throws IOException {
        SortedMap<String, Tensor> published = PublishedFiles.distilBert();
        Encoder bare =
                EncoderDirectory.read(PublishedFiles.write(directory.resolve("bare"), DISTILBERT_CONFIG, published));
        SortedMap<String, Tensor> headed = withPrefix("distilbert.", published);
        for (String name : List.of(
                "vocab_transform.weight",
                "vocab_layer_norm.bias",
                "vocab_projector.weight",
                "pre_classifier.bias",
                "classifier.weight",
                "qa_outputs.weight",
                "distilbert.embeddings.position_ids")) {
            PublishedFiles.put(headed, name, 3, 5);
        }
        Path path = PublishedFiles.write(directory.resolve("headed"), DISTILBERT_CONFIG, headed);
        PublishedFiles.retype(path.resolve("model.safetensors"), "distilbert.embeddings.position_ids", "F32", "I32");

        Encoder read = EncoderDirectory.read(path);

        assertThat(read.config()).isEqualTo(new DistilBertConfig(11, 7, 8, 2, 2, 12, Pooling.CLS));
        assertSame(read.weights(), withPrefix("distilbert.", published));
        assertSame(read.weights(), bare.weights());
        assertThat(read.fingerprint()).isEqualTo(bare.fingerprint());
    }

    @ParameterizedTest
    @CsvSource({"'', false", "bert., false", "bert., true"})
    void aBertAnswersAsItsOwnForwardPassDoes(String prefix, boolean isOld) throws IOException {
        SortedMap<String, Tensor> bert = PublishedFiles.bert();
        SortedMap<String, Tensor> published = new TreeMap<>();
        bert.forEach((name, weight) -> published.put(
                prefix
                        + (isOld
                                ? name.replace("LayerNorm.weight", "LayerNorm.gamma")
                                        .replace("LayerNorm.bias", "LayerNorm.beta")
                                : name),
                weight));
        for (String left :
                List.of("cls.predictions.bias", prefix + "pooler.dense.weight", prefix + "embeddings.position_ids")) {
            PublishedFiles.put(published, left, 3);
        }
        SortedMap<String, Tensor> head = new TreeMap<>();
        PublishedFiles.put(head, "classifier.weight", LABELS, PublishedFiles.DIM);
        PublishedFiles.put(head, "classifier.bias", LABELS);

        Encoder encoder =
                EncoderDirectory.read(PublishedFiles.write(directory.resolve("bert"), BERT_CONFIG, published));

        assertThat(encoder.config()).isEqualTo(new DistilBertConfig(11, 7, 8, 2, 2, 12, Pooling.CLS));
        Path network = directory.resolve("model.onnx");
        Files.write(
                network,
                DistilBertGraph.build(encoder.config(), encoder.with(head), 1f).toByteArray());
        ReferenceBert reference = new ReferenceBert(bert, PublishedFiles.LAYERS, PublishedFiles.HEADS);
        List<int[]> texts = List.of(new int[] {2, 5, 7, 6, 9, 10, 3}, new int[] {2, 8, 3}, new int[] {2, 3});
        try (OnnxNetwork opened = OnnxNetwork.open(network, 1)) {
            float[][] logits = opened.logits(texts);
            for (int i = 0; i < texts.size(); i++) {
                double[] scores = ReferenceBert.linear(
                        head.get("classifier.weight"), head.get("classifier.bias"), reference.first(texts.get(i)));
                double[] expected = ReferenceBert.logSoftmax(scores);
                for (int label = 0; label < LABELS; label++) {
                    assertThat((double) logits[i][label]).isCloseTo(expected[label], within(1e-5));
                }
            }
        }
    }

    @Test
    void takesTheDefaultsOfTransformersForWhatAnOldConfigLeavesOut() throws IOException {
        String config = BERT_CONFIG
                .replace("\"layer_norm_eps\": 1e-12,", "")
                .replace("\"position_embedding_type\": \"absolute\",", "")
                .replace("\"type_vocab_size\": 2,", "");

        Encoder encoder = EncoderDirectory.read(PublishedFiles.write(directory, config, PublishedFiles.bert()));

        assertThat(encoder.config().layers()).isEqualTo(2);
    }

    @Test
    void overwritesNoEncoderButWhatAKilledWriteLeft() throws IOException {
        Encoder encoder = distilBert();
        Path path = directory.resolve("written");
        Files.createDirectories(path);
        Files.writeString(path.resolve("config.json"), "{");
        EncoderDirectory.write(encoder, path);

        assertThat(EncoderDirectory.read(path).fingerprint()).isEqualTo(encoder.fingerprint());
        assertThatThrownBy(() -> EncoderDirectory.write(encoder, path))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write the encoder " + path
                        + ": found model.safetensors there, expected none. Give another path.");
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path path = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> EncoderDirectory.write(distilBert(), path.resolve("below")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write the encoder " + path.resolve("below") + ": found java.nio.file.");
    }

    private static Encoder distilBert() {
        return new Encoder(
                new DistilBertConfig(11, 7, 8, 2, 2, 12, Pooling.CLS),
                PublishedFiles.vocabulary(),
                withPrefix("distilbert.", PublishedFiles.distilBert()));
    }

    private static void assertSame(SortedMap<String, Tensor> found, SortedMap<String, Tensor> expected) {
        assertThat(found).containsOnlyKeys(expected.keySet());
        expected.forEach((name, weight) -> {
            assertThat(found.get(name).shape()).as(name).isEqualTo(weight.shape());
            assertThat(found.get(name).values()).as(name).isEqualTo(weight.values());
        });
    }
}
