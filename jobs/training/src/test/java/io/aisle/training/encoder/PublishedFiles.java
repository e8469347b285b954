package io.aisle.training.encoder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.aisle.core.onnx.Tensor;
import io.aisle.core.text.Vocabulary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Small checkpoints of both kinds, as others publish them. */
final class PublishedFiles {
    static final int PIECES = 11;
    static final int POSITIONS = 7;
    static final int DIM = 8;
    static final int LAYERS = 2;
    static final int HEADS = 2;
    static final int HIDDEN = 12;

    static final String DISTILBERT_CONFIG = """
            {
              "activation": "gelu",
              "architectures": ["DistilBertForMaskedLM"],
              "attention_dropout": 0.1,
              "dim": 8,
              "dropout": 0.1,
              "hidden_dim": 12,
              "initializer_range": 0.02,
              "max_position_embeddings": 7,
              "model_type": "distilbert",
              "n_heads": 2,
              "n_layers": 2,
              "pad_token_id": 0,
              "qa_dropout": 0.1,
              "seq_classif_dropout": 0.2,
              "sinusoidal_pos_embds": false,
              "tie_weights_": true,
              "vocab_size": 11
            }
            """;

    static final String BERT_CONFIG = """
            {
              "architectures": ["BertForMaskedLM"],
              "attention_probs_dropout_prob": 0.1,
              "hidden_act": "gelu",
              "hidden_size": 8,
              "intermediate_size": 12,
              "layer_norm_eps": 1e-12,
              "max_position_embeddings": 7,
              "model_type": "bert",
              "num_attention_heads": 2,
              "num_hidden_layers": 2,
              "position_embedding_type": "absolute",
              "type_vocab_size": 2,
              "vocab_size": 11
            }
            """;

    private PublishedFiles() {}

    static Vocabulary vocabulary() {
        return Vocabulary.of(
                List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "kettle", "pan", "##s", "red", "größe", "a"));
    }

    static Path write(Path directory, String config, SortedMap<String, Tensor> weights) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), config);
        vocabulary().write(directory.resolve("vocab.txt"));
        SafeTensors.write(directory.resolve("model.safetensors"), weights);
        return directory;
    }

    /** Names without a prefix, and weights that are neither small nor alike. */
    static SortedMap<String, Tensor> distilBert() {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        put(weights, "embeddings.word_embeddings.weight", PIECES, DIM);
        put(weights, "embeddings.position_embeddings.weight", POSITIONS, DIM);
        putPair(weights, "embeddings.LayerNorm", DIM);
        for (int i = 0; i < LAYERS; i++) {
            String layer = "transformer.layer." + i + ".";
            for (String part : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
                putPair(weights, layer + "attention." + part, DIM, DIM);
            }
            putPair(weights, layer + "sa_layer_norm", DIM);
            putPair(weights, layer + "ffn.lin1", HIDDEN, DIM);
            putPair(weights, layer + "ffn.lin2", DIM, HIDDEN);
            putPair(weights, layer + "output_layer_norm", DIM);
        }
        return weights;
    }

    /** Names without a prefix. */
    static SortedMap<String, Tensor> bert() {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        put(weights, "embeddings.word_embeddings.weight", PIECES, DIM);
        put(weights, "embeddings.position_embeddings.weight", POSITIONS, DIM);
        put(weights, "embeddings.token_type_embeddings.weight", 2, DIM);
        putPair(weights, "embeddings.LayerNorm", DIM);
        for (int i = 0; i < LAYERS; i++) {
            String layer = "encoder.layer." + i + ".";
            for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
                putPair(weights, layer + "attention." + part, DIM, DIM);
            }
            putPair(weights, layer + "attention.output.LayerNorm", DIM);
            putPair(weights, layer + "intermediate.dense", HIDDEN, DIM);
            putPair(weights, layer + "output.dense", DIM, HIDDEN);
            putPair(weights, layer + "output.LayerNorm", DIM);
        }
        return weights;
    }

    static SortedMap<String, Tensor> withPrefix(String prefix, SortedMap<String, Tensor> weights) {
        SortedMap<String, Tensor> renamed = new TreeMap<>();
        weights.forEach((name, weight) -> renamed.put(prefix + name, weight));
        return renamed;
    }

    static void put(SortedMap<String, Tensor> weights, String name, long... shape) {
        Random random = new Random(name.hashCode());
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
        weights.put(name, new Tensor(shape, values));
    }

    /** A linear layer's or a LayerNorm's weight, and its bias. */
    private static void putPair(SortedMap<String, Tensor> weights, String name, long... shape) {
        put(weights, name + ".weight", shape);
        put(weights, name + ".bias", shape[0]);
    }

    /** A safetensors file of any header and any bytes. */
    static Path file(Path file, String header, byte... data) throws IOException {
        byte[] json = header.getBytes(UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(file, bytes.array());
    }

    /** The same tensors under a header that calls one of them by another type of the same width. */
    static void retype(Path file, String name, String from, String to) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, ISO_8859_1);
        String before = "\"" + name + "\":{\"dtype\":\"" + from + "\"";
        List<Integer> places = new ArrayList<>();
        for (int at = text.indexOf(before); at >= 0; at = text.indexOf(before, at + 1)) {
            places.add(at);
        }
        if (places.size() != 1 || from.length() != to.length()) {
            throw new IllegalArgumentException("found " + before + " at " + places + ", expected one");
        }
        byte[] type = to.getBytes(UTF_8);
        System.arraycopy(type, 0, bytes, places.get(0) + before.length() - 1 - from.length(), type.length);
        Files.write(file, bytes);
    }
}
