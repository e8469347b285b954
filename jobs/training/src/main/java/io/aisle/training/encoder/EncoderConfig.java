package io.aisle.training.encoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.text.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code config.json} says of an encoder.
 *
 * @param sizes pooled by [CLS], as BERT is
 * @param tokenTypes rows of BERT's table of token types; 0 in a DistilBERT
 */
record EncoderConfig(Family family, DistilBertConfig sizes, int tokenTypes) {
    /** Far above any encoder: the weights of so many layers are listed before the file is looked at. */
    private static final int MAX_LAYERS = 1000;

    private static final int DEFAULT_TOKEN_TYPES = 2;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

    /**
     * Reads a {@code config.json}. What it may leave out has transformers' default.
     *
     * @throws UserException naming everything that is missing, or is not that of a DistilBERT or a BERT with exact GELU
     */
    static EncoderConfig read(Path file) throws IOException {
        JsonNode json = object(file);
        Family family = Arrays.stream(Family.values())
                .filter(one -> one.modelType().equals(json.path("model_type").asText()))
                .findFirst()
                .orElseThrow(() ->
                        new UserException("Cannot read " + file + ": found model_type " + shown(json.path("model_type"))
                                + ", expected \"distilbert\" or \"bert\". Use a DistilBERT or a BERT."));
        Reader reader = new Reader(json);
        EncoderConfig config = switch (family) {
            case DISTILBERT -> reader.distilBert();
            case BERT -> reader.bert();
        };
        if (!reader.problems.isEmpty()) {
            throw new UserException("Cannot read " + file + ": found " + String.join("; ", reader.problems)
                    + ", expected the config of a " + family.modelType()
                    + " with exact GELU. Fetch it again, or use another encoder.");
        }
        return config;
    }

    /**
     * Refuses a {@code tokenizer_config.json} of a tokenizer that keeps capitals: the text recipe folds them.
     *
     * @throws UserException if it does, or is no JSON object
     */
    static void checkUncased(Path tokenizerConfig) throws IOException {
        if (object(tokenizerConfig).path("do_lower_case").asText().equals("false")) {
            throw new UserException("Cannot use " + tokenizerConfig.getParent() + ": found do_lower_case false in "
                    + tokenizerConfig.getFileName() + ", expected an encoder of lower-case text. Use the uncased one.");
        }
    }

    /** The {@code config.json} of an encoder. */
    static byte[] json(DistilBertConfig sizes, Vocabulary vocabulary) throws JsonProcessingException {
        ObjectNode json = MAPPER.createObjectNode();
        json.putArray("architectures").add("DistilBertModel");
        json.put("model_type", Family.DISTILBERT.modelType());
        json.put("activation", "gelu");
        json.put("vocab_size", sizes.vocabularySize());
        json.put("max_position_embeddings", sizes.maxPositions());
        json.put("dim", sizes.dim());
        json.put("n_layers", sizes.layers());
        json.put("n_heads", sizes.heads());
        json.put("hidden_dim", sizes.hiddenDim());
        json.put("sinusoidal_pos_embds", false);
        json.put("pad_token_id", vocabulary.paddingId());
        json.put("torch_dtype", "float32");
        return MAPPER.writer(PRINTER).writeValueAsBytes(json);
    }

    /** The {@code tokenizer_config.json} that lets transformers cut text as the recipe does. */
    static byte[] tokenizerJson(DistilBertConfig sizes) throws JsonProcessingException {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("do_lower_case", true);
        json.put("model_max_length", sizes.maxPositions());
        return MAPPER.writer(PRINTER).writeValueAsBytes(json);
    }

    private static JsonNode object(Path file) throws IOException {
        try {
            JsonNode json = MAPPER.readTree(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            if (!json.isObject()) {
                throw new UserException(
                        "Cannot read " + file + ": found no JSON object, expected one. Fetch it again.");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "Cannot read " + file + ": found what does not parse (" + e.getOriginalMessage()
                            + "), expected JSON. Fetch it again.",
                    e);
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }

    /** Reads one value after the other, and notes what is wrong with each. */
    private static final class Reader {
        private final JsonNode json;
        private final List<String> problems = new ArrayList<>();

        private Reader(JsonNode json) {
            this.json = json;
        }

        /** Its positions may be sinusoidal: the weights hold their table. */
        private EncoderConfig distilBert() {
            requireWhereGiven("activation", "\"gelu\"");
            return sizes("dim", "n_layers", 0, "n_heads", "hidden_dim")
                    .map(sizes -> new EncoderConfig(Family.DISTILBERT, sizes, 0))
                    .orElse(null);
        }

        private EncoderConfig bert() {
            requireWhereGiven("hidden_act", "\"gelu\"");
            requireWhereGiven("position_embedding_type", "\"absolute\"");
            requireWhereGiven("is_decoder", "false");
            if (json.has("layer_norm_eps")
                    && (float) json.path("layer_norm_eps").asDouble() != DistilBertConfig.LAYER_NORM_EPSILON) {
                problems.add("layer_norm_eps " + json.path("layer_norm_eps") + " instead of 1e-12");
            }
            int tokenTypes =
                    json.has("type_vocab_size") ? size("type_vocab_size", 1, Integer.MAX_VALUE) : DEFAULT_TOKEN_TYPES;
            return sizes("hidden_size", "num_hidden_layers", 1, "num_attention_heads", "intermediate_size")
                    .map(sizes -> new EncoderConfig(Family.BERT, sizes, tokenTypes))
                    .orElse(null);
        }

        /** Empty where something is wrong. */
        private Optional<DistilBertConfig> sizes(
                String dimKey, String layersKey, int minLayers, String headsKey, String hiddenKey) {
            int vocabulary = size("vocab_size", 1, Integer.MAX_VALUE);
            int positions = size("max_position_embeddings", 1, Integer.MAX_VALUE);
            int dim = size(dimKey, 1, Integer.MAX_VALUE);
            int layers = size(layersKey, minLayers, MAX_LAYERS);
            int heads = size(headsKey, 1, Integer.MAX_VALUE);
            int hidden = size(hiddenKey, 1, Integer.MAX_VALUE);
            if (dim > 0 && heads > 0 && dim % heads != 0) {
                problems.add(dimKey + " " + dim + " instead of a multiple of " + headsKey + " " + heads);
            }
            return problems.isEmpty()
                    ? Optional.of(new DistilBertConfig(vocabulary, positions, dim, layers, heads, hidden, Pooling.CLS))
                    : Optional.empty();
        }

        /** 0 where it is missing or out of bounds. */
        private int size(String key, int min, int max) {
            JsonNode value = json.path(key);
            if (value.isIntegralNumber()
                    && value.canConvertToInt()
                    && value.intValue() >= min
                    && value.intValue() <= max) {
                return value.intValue();
            }
            problems.add(key + " " + shown(value) + " instead of a whole number from " + min + " to " + max);
            return 0;
        }

        private void requireWhereGiven(String key, String expected) {
            if (json.has(key) && !json.path(key).toString().equals(expected)) {
                problems.add(key + " " + json.path(key) + " instead of " + expected);
            }
        }
    }
}
