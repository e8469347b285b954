package io.aisle.core.model;

import io.aisle.core.UserException;
import io.aisle.core.text.Vocabulary;
import java.nio.file.Path;
import java.util.List;

/**
 * The network of a bundle.
 *
 * @param modelFile as {@link io.aisle.core.onnx.OnnxNetwork} opens it
 * @param vocabulary as large as the network has embeddings
 */
public record BundledNetwork(NetworkDefinition model, Path modelFile, Vocabulary vocabulary) {
    static final String VOCABULARY_FILE = "vocab.txt";
    public static final String MODEL_FILE = "model.onnx";
    static final List<String> FILES = List.of(VOCABULARY_FILE, MODEL_FILE);

    static BundledNetwork of(Path directory, NetworkDefinition model) {
        Vocabulary vocabulary = Vocabulary.read(directory.resolve(VOCABULARY_FILE));
        checkVocabulary("open the model bundle " + directory, vocabulary, model);
        return new BundledNetwork(model, directory.resolve(MODEL_FILE), vocabulary);
    }

    static void checkVocabulary(String attempt, Vocabulary vocabulary, NetworkDefinition model) {
        if (vocabulary.size() != model.network().vocabularySize()) {
            throw new UserException("Cannot " + attempt + ": found a vocabulary of " + vocabulary.size()
                    + " word pieces, expected " + model.network().vocabularySize()
                    + ", as many as the network has embeddings. Train again with the vocabulary of the encoder.");
        }
    }
}
