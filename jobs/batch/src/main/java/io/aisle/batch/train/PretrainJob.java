package io.aisle.batch.train;

import static org.apache.spark.sql.functions.lit;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.gpu.TorchProbe;
import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.core.text.SpecialToken;
import io.aisle.core.text.Vocabulary;
import io.aisle.training.BestEpoch;
import io.aisle.training.EpochResult;
import io.aisle.training.InitialWeights;
import io.aisle.training.Masking;
import io.aisle.training.encoder.Encoder;
import io.aisle.training.encoder.EncoderDirectory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The text of prepared data to an encoder, by guessing hidden word pieces (Devlin et al. 2019, section 3.1, task 1).
 *
 * <p>Reads what prepare wrote, its train rows to learn from and its validation rows to choose the best epoch by; labels are not looked at.
 * Writes an encoder directory to {@code <output>}, its weights last. Refuses an output that exists and data without validation rows.
 *
 * <p>It runs as {@link TrainJob} does, and goes on after a kill as that one does.
 */
public final class PretrainJob implements Job {
    public static final Command COMMAND = new Command(
            "pretrain",
            "Trains an encoder on the text of prepared data, without labels.",
            PretrainSettings.OPTIONS,
            settings -> new PretrainJob(PretrainSettings.read(settings)));

    private final PretrainSettings settings;

    private PretrainJob(PretrainSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "read prepared data from " + settings.data(),
                settings.size().isPresent()
                        ? "learn a vocabulary of at most " + settings.vocabularySize() + " word pieces from its text"
                        : "read the encoder " + settings.encoder(),
                "train " + settings.encoder() + " for up to " + settings.plan().epochs()
                        + " epochs to guess hidden word pieces, on one executor, on its GPU where Spark is asked for them",
                "write the encoder directory " + settings.output());
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("an encoder");
        PreparedData data = PreparedData.open(context.spark(), settings.data());
        requireValidationRows(data.manifest());
        TorchProbe.version(context.spark().sparkContext());
        output.createParent();
        Encoder initial = initial(context, data);
        Directory shared = NetworkTraining.shared(output);
        context.stepWithSpeakingTask("pretrain: train");
        context.say(
                "training on the text of %,d rows, up to %d epochs",
                data.manifest().rowsWithoutLabels(), settings.plan().epochs());
        BestEpoch trained = train(context, data, initial, shared);
        Encoder encoder = new Encoder(initial.config(), initial.vocabulary(), trained.weights());
        write(encoder, output);
        shared.delete();
        EpochResult best = trained.result();
        context.say(
                "best epoch %d: %.1f%% of the hidden word pieces of validation rows guessed, perplexity %.1f",
                best.epoch(),
                100 * best.metrics().get("masked_accuracy"),
                best.metrics().get("perplexity"));
        context.say("encoder %s: %s", encoder.fingerprint().substring(0, 12), output.uri());
    }

    private void requireValidationRows(PreparedManifest manifest) {
        if (manifest.rows().get(Split.VALIDATION.key()) == 0) {
            throw new UserException("Cannot train on " + settings.data()
                    + ": found no validation row, expected some to choose the best epoch by."
                    + " Prepare with a larger second share in --split.");
        }
    }

    private Encoder initial(JobContext context, PreparedData data) {
        return settings.size()
                .map(size -> {
                    Vocabulary vocabulary = Start.learnt(
                            context,
                            "pretrain",
                            data.withoutLabels(),
                            data.manifest().recipe(),
                            settings.vocabularySize());
                    // how an encoder directory is read
                    DistilBertConfig config =
                            size.config(vocabulary.size(), settings.maxTokens()).with(Pooling.CLS);
                    return new Encoder(
                            config,
                            vocabulary,
                            InitialWeights.encoder(config, settings.plan().seed()));
                })
                .orElseGet(() -> Start.encoder(context, "pretrain", settings.encoder(), settings.maxTokens()));
    }

    private BestEpoch train(JobContext context, PreparedData data, Encoder initial, Directory shared) {
        Vocabulary vocabulary = initial.vocabulary();
        Masking masking = new Masking(
                settings.maskShare(),
                vocabulary.maskId(),
                Arrays.stream(SpecialToken.values()).map(vocabulary::id).toList());
        return NetworkTraining.run(
                context,
                new Pretraining(
                        initial.config(),
                        settings.plan(),
                        masking,
                        data.manifest().fingerprint() + " " + settings.asText() + " " + initial.fingerprint()),
                initial.with(InitialWeights.maskedLanguageHead(
                        initial.config(), settings.plan().seed())),
                0,
                settings.threads(),
                settings.checkpointSteps(),
                tokenized(data, data.withoutLabels(), Split.TRAIN, vocabulary)
                        .unionByName(tokenized(
                                data,
                                data.rows(Split.VALIDATION)
                                        .withColumn("label", lit(null).cast("string")),
                                Split.VALIDATION,
                                vocabulary)),
                shared);
    }

    private Dataset<Row> tokenized(PreparedData data, Dataset<Row> rows, Split split, Vocabulary vocabulary) {
        return TokenizedRows.of(
                rows, split, data.manifest().recipe(), vocabulary, settings.maxTokens(), List.of(), new int[0]);
    }

    /** Writes the encoder aside, and copies it to the output. */
    private static void write(Encoder encoder, Directory output) {
        try (TemporaryDirectory staging = TemporaryDirectory.create("aisle-pretrain-")) {
            Path directory = staging.path().resolve("encoder");
            EncoderDirectory.write(encoder, directory);
            output.copyFrom(directory, EncoderDirectory.WEIGHTS_FILE);
        }
    }
}
