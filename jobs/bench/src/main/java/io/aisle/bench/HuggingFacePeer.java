package io.aisle.bench;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.UserException;
import io.aisle.core.text.SpecialToken;
import io.aisle.core.text.Vocabulary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hugging Face's tokenizer, written in Rust, as bert-base-uncased has it set up, over a vocabulary of ours; called through DJL. */
final class HuggingFacePeer implements AutoCloseable {
    /** With more threads than this, that many texts of a batch are read at once. */
    private static final String THREADS = "RAYON_NUM_THREADS";

    private final HuggingFaceTokenizer tokenizer;

    private HuggingFacePeer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    static HuggingFacePeer open(Vocabulary vocabulary) throws IOException {
        // else DJL sends usage to its makers
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        return new HuggingFacePeer(HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(new ObjectMapper().writeValueAsBytes(configuration(vocabulary))),
                Map.of("truncation", "false", "padding", "false")));
    }

    /** Its threads are a matter of the environment, which a process cannot change for itself. */
    static void requireOneThread() {
        String threads = System.getenv(THREADS);
        if (!"1".equals(threads)) {
            throw new UserException("Cannot measure Hugging Face's tokenizer on one thread: found " + THREADS + " "
                    + threads + ", expected 1. Start by scripts/bench, which sets it.");
        }
    }

    /** As DJL's users call it: with offsets, masks and the pieces as text. */
    long[] encode(String text) {
        return tokenizer.encode(text).getIds();
    }

    /** The same of several texts in one call. */
    List<long[]> batchEncode(List<String> texts) {
        List<long[]> ids = new ArrayList<>();
        for (Encoding encoding : tokenizer.batchEncode(texts)) {
            ids.add(encoding.getIds());
        }
        return ids;
    }

    /** The ids and nothing else leave Rust: the least that a JVM can ask of it. */
    long[] idsAlone(String text) {
        long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, true);
        try {
            return TokenizersLibrary.LIB.getTokenIds(encoding);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    /** The same of several texts in one call. */
    List<long[]> batchIdsAlone(List<String> texts) {
        List<long[]> ids = new ArrayList<>();
        for (long encoding :
                TokenizersLibrary.LIB.batchEncode(tokenizer.getHandle(), texts.toArray(String[]::new), true)) {
            ids.add(TokenizersLibrary.LIB.getTokenIds(encoding));
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
        return ids;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** The content of a tokenizer.json. */
    private static Map<String, Object> configuration(Vocabulary vocabulary) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        vocabulary.pieces().forEach(piece -> ids.put(piece, ids.size()));
        List<Object> added = new ArrayList<>();
        for (SpecialToken token : SpecialToken.values()) {
            added.add(Map.of(
                    "id", vocabulary.id(token),
                    "content", token.piece(),
                    "single_word", false,
                    "lstrip", false,
                    "rstrip", false,
                    "normalized", false,
                    "special", true));
        }
        Map<String, Object> normalizer = new LinkedHashMap<>(
                Map.of("type", "BertNormalizer", "clean_text", true, "handle_chinese_chars", true, "lowercase", true));
        normalizer.put("strip_accents", null);
        Map<String, Object> model = Map.of(
                "type",
                "WordPiece",
                "unk_token",
                SpecialToken.UNKNOWN.piece(),
                "continuing_subword_prefix",
                "##",
                "max_input_chars_per_word",
                100,
                "vocab",
                ids);
        Map<String, Object> brackets = Map.of(
                "type", "BertProcessing",
                "cls", List.of(SpecialToken.CLASS.piece(), vocabulary.classId()),
                "sep", List.of(SpecialToken.SEPARATOR.piece(), vocabulary.separatorId()));
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("version", "1.0");
        configuration.put("added_tokens", added);
        configuration.put("normalizer", Collections.unmodifiableMap(normalizer));
        configuration.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        configuration.put("post_processor", brackets);
        configuration.put("model", model);
        return configuration;
    }
}
