package io.aisle.training.encoder;

import static io.aisle.training.encoder.PublishedFiles.BERT_CONFIG;
import static io.aisle.training.encoder.PublishedFiles.DISTILBERT_CONFIG;
import static io.aisle.training.encoder.PublishedFiles.withPrefix;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that are no encoder, or none that can be used. */
class EncoderRefusalsTest {
    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String POSITIONS = "embeddings.position_embeddings.weight";

    @TempDir
    private Path directory;

    @Test
    void namesAllWeightsThatDoNotFit() throws IOException {
        SortedMap<String, Tensor> weights = withPrefix("distilbert.", PublishedFiles.distilBert());
        weights.remove("distilbert.transformer.layer.1.ffn.lin2.bias");
        weights.remove("distilbert." + POSITIONS);
        PublishedFiles.put(weights, "distilbert.transformer.layer.0.attention.q_lin.weight", 8, 4);
        PublishedFiles.put(weights, "distilbert.transformer.layer.2.attention.q_lin.weight", 8, 8);
        PublishedFiles.put(weights, "roberta.extra", 8);
        PublishedFiles.put(weights, WORDS, 11, 8);
        Path path = PublishedFiles.write(directory, DISTILBERT_CONFIG, weights);
        PublishedFiles.retype(path.resolve("model.safetensors"), "distilbert.embeddings.LayerNorm.bias", "F32", "I32");

        assertRefused(
                path,
                "Cannot read " + directory.resolve("model.safetensors") + ": found distilbert." + WORDS + " and "
                        + WORDS
                        + " for the same weight; distilbert." + POSITIONS + " missing;"
                        + " distilbert.embeddings.LayerNorm.bias of dtype I32 instead of one of [F32, F16, BF16];"
                        + " distilbert.transformer.layer.0.attention.q_lin.weight of shape [8, 4] instead of [8, 8];"
                        + " distilbert.transformer.layer.1.ffn.lin2.bias missing;"
                        + " distilbert.transformer.layer.2.attention.q_lin.weight unknown; roberta.extra unknown,"
                        + " expected the weights of a distilbert of 2 layers, 8 wide, that config.json describes."
                        + " Take config.json and model.safetensors from the same encoder.");
    }

    @Test
    void namesAMissingTableOfTokenTypes() throws IOException {
        SortedMap<String, Tensor> weights = PublishedFiles.bert();
        weights.remove("embeddings.token_type_embeddings.weight");

        assertRefused(
                PublishedFiles.write(directory, BERT_CONFIG, weights),
                "found bert.embeddings.token_type_embeddings.weight missing, expected the weights of a bert");
    }

    @Test
    void refusesFloat64ByName() throws IOException {
        Path path = PublishedFiles.write(directory, DISTILBERT_CONFIG, PublishedFiles.distilBert());
        Path file = path.resolve("model.safetensors");
        PublishedFiles.file(
                file,
                "{\"embeddings.LayerNorm.bias\":{\"dtype\":\"F64\",\"shape\":[8],\"data_offsets\":[0,64]}}",
                new byte[64]);

        assertRefused(path, "embeddings.LayerNorm.bias of dtype F64 instead of one of [F32, F16, BF16];");
    }

    @Test
    void namesEveryWeightWithNanOrInfinity() throws IOException {
        SortedMap<String, Tensor> weights = PublishedFiles.distilBert();
        weights.get(WORDS).values()[87] = Float.NaN;
        weights.get("transformer.layer.1.ffn.lin1.bias").values()[0] = Float.NEGATIVE_INFINITY;

        assertRefused(
                PublishedFiles.write(directory, DISTILBERT_CONFIG, weights),
                ": found NaN or infinity in " + WORDS
                        + ", transformer.layer.1.ffn.lin1.bias, expected finite numbers. The training of this encoder"
                        + " diverged: use another.");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12})
    void refusesAVocabularyOfAnotherSize(int pieces) throws IOException {
        Path path = PublishedFiles.write(directory, DISTILBERT_CONFIG, PublishedFiles.distilBert());
        List<String> lines = Stream.concat(PublishedFiles.vocabulary().pieces().stream(), Stream.of("one more"))
                .limit(pieces)
                .toList();
        Files.write(path.resolve("vocab.txt"), lines);

        assertRefused(path, "found a vocabulary of " + pieces + " word pieces, expected 11, one a row");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"activation\": \"gelu\" | \"activation\": \"relu\" | found activation \"relu\" instead of \"gelu\", expected",
                "\"activation\": \"gelu\" | \"activation\": null | found activation null instead of \"gelu\"",
                "\"n_heads\": 2, | | found n_heads missing instead of a whole number from 1",
                "\"n_heads\": 2 | \"n_heads\": 3 | found dim 8 instead of a multiple of n_heads 3",
                "\"n_heads\": 2 | \"n_heads\": 0 | found n_heads 0 instead of a whole number",
                "\"dim\": 8 | \"dim\": 8.5 | found dim 8.5 instead of a whole number",
                "\"dim\": 8 | \"dim\": \"8\" | found dim \"8\" instead of a whole number",
                "\"vocab_size\": 11 | \"vocab_size\": -11 | found vocab_size -11 instead of a whole number",
                "\"n_layers\": 2 | \"n_layers\": 2000000000 | found n_layers 2000000000 instead of a whole number from 0 to 1000",
                "\"n_layers\": 2 | \"n_layers\": 3 | distilbert.transformer.layer.2.attention.q_lin.weight missing",
                "\"distilbert\" | \"roberta\" | found model_type \"roberta\", expected \"distilbert\" or \"bert\".",
                "\"model_type\": \"distilbert\", | | found model_type missing, expected",
                "\"dim\": 8, | \"dim\": 8, \"dim\": 8, | found what does not parse (Duplicate field 'dim'"
            })
    void refusesAConfigThatItCannotUse(String part, String other, String message) throws IOException {
        String config = DISTILBERT_CONFIG.replace(part, other == null ? "" : other);

        assertRefused(PublishedFiles.write(directory, config, PublishedFiles.distilBert()), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"gelu\" | \"gelu_new\" | found hidden_act \"gelu_new\" instead of \"gelu\"",
                "\"absolute\" | \"relative_key\" | found position_embedding_type \"relative_key\" instead of \"absolute\"",
                "1e-12 | 1e-5 | found layer_norm_eps 1.0E-5 instead of 1e-12",
                "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 0 | found num_hidden_layers 0 instead of a whole number from 1",
                "\"type_vocab_size\": 2 | \"type_vocab_size\": 0 | found type_vocab_size 0 instead of a whole number from 1",
                "\"type_vocab_size\": 2 | \"type_vocab_size\": 1 | token_type_embeddings.weight of shape [2, 8] instead of [1, 8]",
                "\"vocab_size\": 11 | \"is_decoder\": true, \"vocab_size\": 11 | found is_decoder true instead of false"
            })
    void refusesABertThatADistilBertCannotBe(String part, String other, String message) throws IOException {
        assertRefused(
                PublishedFiles.write(directory, BERT_CONFIG.replace(part, other), PublishedFiles.bert()), message);
    }

    @Test
    void namesEverythingThatIsWrongWithAConfig() throws IOException {
        Path path = PublishedFiles.write(
                directory, "{\"model_type\": \"distilbert\", \"activation\": \"relu\"}", new TreeMap<>());

        for (String key :
                List.of("vocab_size", "max_position_embeddings", "dim", "n_layers", "n_heads", "hidden_dim")) {
            assertRefused(path, "; " + key + " missing instead of a whole number");
        }
    }

    @Test
    void refusesAConfigThatIsNoObject() throws IOException {
        assertRefused(
                PublishedFiles.write(directory, "[]", PublishedFiles.distilBert()),
                "Cannot read " + directory.resolve("config.json")
                        + ": found no JSON object, expected one. Fetch it again.");
    }

    @Test
    void refusesAnEncoderThatKeepsCapitals() throws IOException {
        Path path = PublishedFiles.write(directory, DISTILBERT_CONFIG, PublishedFiles.distilBert());
        Files.writeString(path.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");

        assertRefused(
                path, "found do_lower_case false in tokenizer_config.json, expected an encoder of lower-case text.");
    }

    @Test
    void saysWhichFilesAreMissingAndHowToGetThem() throws IOException {
        Path path = PublishedFiles.write(directory, DISTILBERT_CONFIG, PublishedFiles.distilBert());
        Files.delete(path.resolve("vocab.txt"));
        assertRefused(
                path,
                "Cannot read the encoder " + path
                        + ": found no vocab.txt, expected config.json, model.safetensors and vocab.txt."
                        + " scripts/fetch-encoder NAME --output DIR downloads them");
        Files.delete(path.resolve("config.json"));
        assertRefused(path, "found no config.json and no vocab.txt, expected");
        assertRefused(
                path.resolve("nowhere"), "found no config.json and no model.safetensors and no vocab.txt, expected");
    }

    @Test
    void saysHowToConvertAnOldCheckpoint() throws IOException {
        Path path = PublishedFiles.write(directory, DISTILBERT_CONFIG, PublishedFiles.distilBert());
        Files.move(path.resolve("model.safetensors"), path.resolve("pytorch_model.bin"));

        assertRefused(
                path,
                "found pytorch_model.bin but no model.safetensors, expected the weights as safetensors, which hold no code.");
    }

    @Test
    void readsOrRefusesWhateverTheConfigIs() throws IOException {
        Path path = PublishedFiles.write(directory, DISTILBERT_CONFIG, PublishedFiles.distilBert());
        byte[] known = "0123456789{}[]:,\" -.e".getBytes(UTF_8);
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = DISTILBERT_CONFIG.getBytes(UTF_8);
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                byte value = random.nextInt(4) == 0 ? (byte) random.nextInt() : known[random.nextInt(known.length)];
                bytes[random.nextInt(bytes.length)] = value;
            }
            Files.write(path.resolve("config.json"), bytes);
            assertThatCode(() -> readOrRefuse(path))
                    .as(() -> new String(bytes, UTF_8))
                    .doesNotThrowAnyException();
        }
    }

    private static void readOrRefuse(Path path) {
        try {
            EncoderDirectory.read(path);
        } catch (UserException refused) {
            // as it should be
        }
    }

    private static void assertRefused(Path path, String message) {
        assertThatThrownBy(() -> EncoderDirectory.read(path))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }
}
