package io.aisle.core.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Hugging Face's own tokenizer, set up as bert-base-uncased is, over a vocabulary of ours. */
final class HuggingFaceOracle implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HuggingFaceTokenizer tokenizer;

    HuggingFaceOracle(Vocabulary vocabulary) throws IOException {
        tokenizer = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(JSON.writeValueAsBytes(configuration(vocabulary))),
                Map.of("truncation", "false", "padding", "false"));
    }

    int[] encode(String text) {
        return ids(tokenizer.encode(text));
    }

    List<int[]> encode(List<String> texts) {
        return Arrays.stream(tokenizer.batchEncode(texts))
                .map(HuggingFaceOracle::ids)
                .toList();
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static int[] ids(Encoding encoding) {
        return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    }

    /** The content of a tokenizer.json. */
    private static ObjectNode configuration(Vocabulary vocabulary) {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (SpecialToken token : SpecialToken.values()) {
            added.addObject()
                    .put("id", vocabulary.id(token))
                    .put("content", token.piece())
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", true);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", "[CLS]").put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        single.addObject().putObject("SpecialToken").put("id", "[SEP]").put("type_id", 0);
        template.putArray("pair")
                .addObject()
                .putObject("Sequence")
                .put("id", "A")
                .put("type_id", 0);
        ((ArrayNode) template.get("pair"))
                .addObject()
                .putObject("Sequence")
                .put("id", "B")
                .put("type_id", 1);
        ObjectNode specialTokens = template.putObject("special_tokens");
        for (SpecialToken token : List.of(SpecialToken.CLASS, SpecialToken.SEPARATOR)) {
            ObjectNode description = specialTokens.putObject(token.piece()).put("id", token.piece());
            description.putArray("ids").add(vocabulary.id(token));
            description.putArray("tokens").add(token.piece());
        }
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            ids.put(vocabulary.piece(id), id);
        }
        return root;
    }
}
