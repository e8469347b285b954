package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.core.UserException;
import io.aisle.core.model.BundledNetwork;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.OnnxWeights;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.settings.Settings;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.VocabularyLearner;
import io.aisle.training.InitialWeights;
import io.aisle.training.encoder.Encoder;
import io.aisle.training.encoder.EncoderDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Where a training starts.
 *
 * @param weights of encoder and classifier
 * @param fingerprint of data, settings and weights
 */
record Start(DistilBertConfig config, Vocabulary vocabulary, SortedMap<String, Tensor> weights, String fingerprint) {

    /** From an encoder that was published, or from the seed. */
    static Start of(JobContext context, PreparedData data, TrainSettings settings, int labels) {
        return settings.size()
                .map(size -> fromSeed(context, data, settings, size, labels))
                .orElseGet(() -> fromEncoder(context, data, settings, labels));
    }

    private static Start fromEncoder(JobContext context, PreparedData data, TrainSettings settings, int labels) {
        Encoder encoder = encoder(context, "train", settings.encoder(), settings.maxTokens());
        DistilBertConfig config = encoder.config().with(settings.pooling());
        return new Start(
                config,
                encoder.vocabulary(),
                encoder.with(InitialWeights.head(config, labels, settings.plan().seed())),
                fingerprint(data, settings) + " " + encoder.fingerprint());
    }

    /**
     * The encoder that a directory holds.
     *
     * @param job that reads it
     * @param maxTokens that the encoder must have positions for
     */
    static Encoder encoder(JobContext context, String job, String uri, int maxTokens) {
        context.step(job + ": read the encoder");
        Directory directory = Directory.of(context.spark(), uri);
        if (!directory.exists()) {
            throw new UserException("Cannot read the encoder " + uri
                    + ": found no such directory, expected tiny, mini, or a directory as Hugging Face publishes it."
                    + " Fetch one by scripts/fetch-encoder.");
        }
        Encoder encoder = directory.isLocal() ? EncoderDirectory.read(directory.local()) : fetched(directory);
        DistilBertConfig config = encoder.config();
        if (config.maxPositions() < maxTokens) {
            throw new UserException("Cannot train on texts of " + maxTokens + " word pieces: found an encoder of "
                    + config.maxPositions() + " positions, expected as many or more. Lower --max-tokens.");
        }
        context.say(
                "encoder of %d layers, %d wide, %,d word pieces: %s",
                config.layers(), config.dim(), config.vocabularySize(), directory.uri());
        return encoder;
    }

    private static Encoder fetched(Directory directory) {
        try (TemporaryDirectory temporary = TemporaryDirectory.create("aisle-encoder-")) {
            Path copy = temporary.path().resolve(directory.name());
            directory.copyTo(copy);
            return EncoderDirectory.read(copy);
        }
    }

    private static String fingerprint(PreparedData data, TrainSettings settings) {
        Map<String, String> text = settings.asText();
        text.remove("threads");
        return data.manifest().fingerprint() + " " + text;
    }

    /** From a bag's words too where one is given. */
    private static Start fromSeed(
            JobContext context, PreparedData data, TrainSettings settings, Size size, int labels) {
        Optional<Words> bag = settings.embeddings().map(uri -> Words.of(context, uri));
        Vocabulary vocabulary = bag.map(Words::vocabulary)
                .orElseGet(() -> learnt(
                        context,
                        "train",
                        data.rows(Split.TRAIN),
                        data.manifest().recipe(),
                        settings.vocabularySize()));
        DistilBertConfig config =
                size.config(vocabulary.size(), settings.maxTokens()).with(settings.pooling());
        SortedMap<String, Tensor> weights =
                InitialWeights.random(config, labels, settings.plan().seed());
        bag.ifPresent(words -> weights.put(DistilBertWeights.WORD_EMBEDDINGS, words.embeddings(config.dim())));
        return new Start(
                config,
                vocabulary,
                weights,
                fingerprint(data, settings)
                        + bag.map(words -> " " + words.version()).orElse(""));
    }

    /** A vocabulary of prepared rows, of so many word pieces at most. */
    static Vocabulary learnt(JobContext context, String job, Dataset<Row> rows, TextRecipe recipe, int vocabularySize) {
        context.step(job + ": learn the vocabulary");
        Vocabulary vocabulary = VocabularyLearner.learn(TokenizedRows.wordCounts(rows, recipe), vocabularySize);
        context.say("learnt %,d word pieces", vocabulary.size());
        return vocabulary;
    }

    /**
     * What another network starts from.
     *
     * @param source where the bag lies
     * @param version of the bag
     * @param table its word embeddings, [vocabulary, dim]
     */
    private record Words(String source, String version, Vocabulary vocabulary, Tensor table) {
        static Words of(JobContext context, String uri) {
            ModelBundle bundle = StoredBundle.open(ModelLocation.resolve(context.spark(), uri))
                    .bundle();
            BundledNetwork bag = bundle.network("take words from a bag", "Give a bundle of kind bag.");
            return new Words(
                    uri,
                    bundle.version(),
                    bag.vocabulary(),
                    OnnxWeights.read(bag.modelFile(), DistilBertWeights.WORD_EMBEDDINGS));
        }

        Tensor embeddings(int dim) {
            if (table.shape()[1] != dim) {
                throw new UserException("Cannot start from the words of " + source + ": found embeddings of "
                        + table.shape()[1] + " dimensions, expected " + dim + ", as wide as the encoder.");
            }
            return table;
        }
    }

    /** Sizes of networks that start from the seed. */
    enum Size {
        /** 2 layers, 128 wide. */
        TINY(128, 2, 2, 512),
        /** 4 layers, 256 wide. */
        MINI(256, 4, 4, 1024),
        /** No layer: no encoder either. */
        BAG(128, 0, 1, 128);

        private final int dim;
        private final int layers;
        private final int heads;
        private final int hiddenDim;

        Size(int dim, int layers, int heads, int hiddenDim) {
            this.dim = dim;
            this.layers = layers;
            this.heads = heads;
            this.hiddenDim = hiddenDim;
        }

        /** The encoder of that name. */
        static Optional<Size> named(String name) {
            return Stream.of(TINY, MINI)
                    .filter(size -> Settings.choiceName(size).equals(name))
                    .findFirst();
        }

        /** Read at the mean of the states, as a bag has to be. */
        DistilBertConfig config(int vocabularySize, int maxTokens) {
            return new DistilBertConfig(vocabularySize, maxTokens, dim, layers, heads, hiddenDim, Pooling.MEAN);
        }
    }
}
