package io.aisle.batch.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.model.BundledNetwork;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.onnx.OnnxNetwork;
import io.aisle.core.product.Product;
import io.aisle.core.text.FittedText;
import io.aisle.core.text.WordPieceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both engines answer is what the network says of the ids that Hugging Face's own tokenizer gives for the fitted text. */
@TestInstance(Lifecycle.PER_CLASS)
class HuggingFaceParityTest {
    private final ModelBundle bundle = TrainedBundle.get();
    private final BundledNetwork network = bundle.network("test", "none");
    private final List<Product> products = VariedProducts.clean(bundle.recipe(), 400);
    private final HuggingFaceTokenizer huggingFace =
            tokenizer(network.vocabulary().pieces());

    @AfterAll
    void close() {
        huggingFace.close();
    }

    @Test
    void recipeGivesTheIdsOfHuggingFace() {
        for (int maxTokens : new int[] {16, network.model().maxTokens()}) {
            for (Product product : products) {
                FittedText fitted = fit(product, maxTokens);

                assertThat(fitted.ids()).as(product.id()).isEqualTo(huggingFaceIds(fitted.text()));
                assertThat(fitted.ids()).as(product.id()).hasSizeBetween(3, maxTokens);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void engineAnswersAsTheNetworkDoesOnTheIdsOfHuggingFace(Engine engine) {
        int maxTokens = network.model().maxTokens();
        Map<String, float[]> answers = new LinkedHashMap<>();
        for (Row row : Scoring.open(TestSession.get(), bundle, engine)
                .withProbabilities(VariedProducts.rows(products, 2))
                .collectAsList()) {
            answers.put(row.getAs("id"), Scoring.probabilities(row));
        }

        assertThat(answers).hasSize(products.size());
        try (OnnxNetwork onnx = OnnxNetwork.open(network.modelFile(), 1)) {
            for (Product product : products) {
                int[] ids = huggingFaceIds(fit(product, maxTokens).text());
                float[] logProbabilities = onnx.logits(List.of(ids))[0];
                for (int label = 0; label < logProbabilities.length; label++) {
                    assertThat(answers.get(product.id())[label])
                            .as("%s, label %d", product.id(), label)
                            .isEqualTo((float) Math.exp(logProbabilities[label]), within(2e-5f));
                }
            }
        }
    }

    private FittedText fit(Product product, int maxTokens) {
        return bundle.recipe().fit(product, new WordPieceTokenizer(network.vocabulary()), maxTokens);
    }

    private int[] huggingFaceIds(String text) {
        return Arrays.stream(huggingFace.encode(text).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** Set up as bert-base-uncased is, over these pieces. */
    private static HuggingFaceTokenizer tokenizer(List<String> pieces) {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        pieces.forEach(piece -> vocabulary.put(piece, vocabulary.size()));
        List<Object> special = new ArrayList<>();
        for (String token : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
            special.add(Map.of(
                    "id",
                    vocabulary.get(token),
                    "content",
                    token,
                    "single_word",
                    false,
                    "lstrip",
                    false,
                    "rstrip",
                    false,
                    "normalized",
                    false,
                    "special",
                    true));
        }
        Map<String, Object> normalizer = new LinkedHashMap<>(
                Map.of("type", "BertNormalizer", "clean_text", true, "handle_chinese_chars", true, "lowercase", true));
        normalizer.put("strip_accents", null);
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("version", "1.0");
        configuration.put("added_tokens", special);
        configuration.put("normalizer", normalizer);
        configuration.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        configuration.put(
                "post_processor",
                Map.of(
                        "type",
                        "BertProcessing",
                        "sep",
                        List.of("[SEP]", vocabulary.get("[SEP]")),
                        "cls",
                        List.of("[CLS]", vocabulary.get("[CLS]"))));
        configuration.put(
                "model",
                Map.of(
                        "type",
                        "WordPiece",
                        "unk_token",
                        "[UNK]",
                        "continuing_subword_prefix",
                        "##",
                        "max_input_chars_per_word",
                        100,
                        "vocab",
                        vocabulary));
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(new ObjectMapper().writeValueAsBytes(configuration)),
                    Map.of("truncation", "false", "padding", "false"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
