package io.aisle.training.encoder;

import io.aisle.core.UserException;
import io.aisle.core.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An encoder in the layout of Hugging Face: {@value #CONFIG_FILE}, {@value #WEIGHTS_FILE}, {@value #VOCABULARY_FILE}; a
 * {@value #TOKENIZER_FILE} where there is one.
 */
public final class EncoderDirectory {
    /** The file that is written last. */
    public static final String WEIGHTS_FILE = "model.safetensors";

    static final String CONFIG_FILE = "config.json";
    static final String VOCABULARY_FILE = "vocab.txt";
    static final String TOKENIZER_FILE = "tokenizer_config.json";
    private static final String TORCH_FILE = "pytorch_model.bin";

    private EncoderDirectory() {}

    /**
     * Reads a DistilBERT of any size, or a BERT as one: weights of F32, F16 or BF16, with or without a head, which is left out. It is
     * pooled by [CLS].
     *
     * @throws UserException if a file is missing, cut off or broken, if config, weights and vocabulary do not fit together, or if it is
     *     an encoder of another kind
     */
    public static Encoder read(Path directory) {
        checkFiles(directory);
        try {
            EncoderConfig config = EncoderConfig.read(directory.resolve(CONFIG_FILE));
            Path tokenizer = directory.resolve(TOKENIZER_FILE);
            if (Files.exists(tokenizer)) {
                EncoderConfig.checkUncased(tokenizer);
            }
            Vocabulary vocabulary = Vocabulary.read(directory.resolve(VOCABULARY_FILE));
            return new Encoder(
                    config.sizes(), vocabulary, PublishedWeights.read(config, directory.resolve(WEIGHTS_FILE)));
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the encoder " + directory + ": found " + e
                            + ", expected readable files. Check their permissions.",
                    e);
        }
    }

    /**
     * Writes an encoder as DistilBERT in float32, which transformers and {@link #read} read. The weights come last: a directory that
     * has them is whole.
     *
     * @param directory may exist, without weights
     * @throws UserException if there are weights already, or it cannot be written
     */
    public static void write(Encoder encoder, Path directory) {
        Path weights = directory.resolve(WEIGHTS_FILE);
        if (Files.exists(weights)) {
            throw new UserException("Cannot write the encoder " + directory + ": found " + WEIGHTS_FILE
                    + " there, expected none. Give another path.");
        }
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve(CONFIG_FILE), EncoderConfig.json(encoder.config(), encoder.vocabulary()));
            Files.write(directory.resolve(TOKENIZER_FILE), EncoderConfig.tokenizerJson(encoder.config()));
            encoder.vocabulary().write(directory.resolve(VOCABULARY_FILE));
            SafeTensors.write(weights, encoder.weights());
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write the encoder " + directory + ": found " + e
                            + ", expected a place to write. Check its permissions and free space.",
                    e);
        }
    }

    private static void checkFiles(Path directory) {
        List<String> missing = List.of(CONFIG_FILE, WEIGHTS_FILE, VOCABULARY_FILE).stream()
                .filter(name -> !Files.isRegularFile(directory.resolve(name)))
                .toList();
        if (missing.equals(List.of(WEIGHTS_FILE)) && Files.exists(directory.resolve(TORCH_FILE))) {
            throw new UserException("Cannot read the encoder " + directory + ": found " + TORCH_FILE + " but no "
                    + WEIGHTS_FILE
                    + ", expected the weights as safetensors, which hold no code. Take a revision that has "
                    + WEIGHTS_FILE + ", or convert it in Python: transformers.AutoModel.from_pretrained(DIR)"
                    + ".save_pretrained(DIR, safe_serialization=True).");
        }
        if (!missing.isEmpty()) {
            throw new UserException(
                    "Cannot read the encoder " + directory + ": found no " + String.join(" and no ", missing)
                            + ", expected " + CONFIG_FILE + ", " + WEIGHTS_FILE + " and " + VOCABULARY_FILE
                            + ". scripts/fetch-encoder NAME --output DIR downloads them from Hugging Face; see docs/encoders.md.");
        }
    }
}
