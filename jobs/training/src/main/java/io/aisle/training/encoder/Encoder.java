package io.aisle.training.encoder;

import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.text.Vocabulary;
import java.util.Collections;
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

    /** All weights of a classifier: the encoder's and a head's. */
    public SortedMap<String, Tensor> with(Map<String, Tensor> head) {
        SortedMap<String, Tensor> all = new TreeMap<>(weights);
        all.putAll(head);
        return all;
    }
}
