package io.aisle.training.encoder;

import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.text.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A DistilBERT without a head.
 *
 * @param config its sizes; how it is pooled is up to the head
 * @param vocabulary one word piece a row of its word embeddings
 * @param weights by the names that {@link DistilBertConfig} lists, without the classifier
 */
public record Encoder(DistilBertConfig config, Vocabulary vocabulary, SortedMap<String, Tensor> weights) {
    public Encoder {
        if (vocabulary.size() != config.vocabularySize()) {
            throw new UserException("Cannot use the encoder: found a vocabulary of " + vocabulary.size()
                    + " word pieces, expected " + config.vocabularySize()
                    + ", one a row of its word embeddings. Take vocab.txt and weights from the same encoder.");
        }
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }

    /**
     * SHA-256, in hex, of config, vocabulary and weights (names, shapes and values): what was computed with an encoder is good for every
     * one of the same fingerprint.
     */
    public String fingerprint() {
        MessageDigest digest = Sha256.digest();
        digest.update(String.join(
                        "\n",
                        "encoder 1",
                        Integer.toString(config.vocabularySize()),
                        Integer.toString(config.maxPositions()),
                        Integer.toString(config.dim()),
                        Integer.toString(config.layers()),
                        Integer.toString(config.heads()),
                        Integer.toString(config.hiddenDim()),
                        config.pooling().name(),
                        String.join("\n", vocabulary.pieces()))
                .getBytes(StandardCharsets.UTF_8));
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        int perChunk = chunk.capacity() / Float.BYTES;
        weights.forEach((name, weight) -> {
            String head = "\n" + name + " " + Arrays.toString(weight.shape()) + "\n";
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            float[] values = weight.values();
            for (int from = 0; from < values.length; from += perChunk) {
                int count = Math.min(perChunk, values.length - from);
                chunk.clear().asFloatBuffer().put(values, from, count);
                digest.update(chunk.limit(count * Float.BYTES));
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /** All weights of a classifier: the encoder's and a head's. */
    public SortedMap<String, Tensor> with(Map<String, Tensor> head) {
        SortedMap<String, Tensor> all = new TreeMap<>(weights);
        all.putAll(head);
        return all;
    }
}
