package io.aisle.batch.train;

import io.aisle.batch.train.Start.Size;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.TextRecipe;
import io.aisle.training.LearningRates;
import io.aisle.training.Precision;
import io.aisle.training.TrainingPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What pretrain needs to know.
 *
 * @param data what prepare wrote
 * @param size of the network where it starts from the seed; else the encoder is a directory
 * @param encoder name of the size, or URI of a directory
 * @param maskShare share of the word pieces of a row that are to be guessed
 * @param threads of the training; 0 for every core of the executor
 */
record PretrainSettings(
        String data,
        String output,
        Optional<Size> size,
        String encoder,
        int vocabularySize,
        int maxTokens,
        TrainingPlan plan,
        double maskShare,
        int threads,
        int checkpointSteps) {

    static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required("data", "URI", "pretrain.data", "what prepare wrote"),
            CommandOption.optional(
                    "encoder", "WHAT", "pretrain.encoder", "encoder to start from: tiny, mini, or a directory"),
            CommandOption.optional("max-tokens", "NUMBER", "pretrain.max-tokens", "word pieces a text is cut to"),
            CommandOption.optional("epochs", "NUMBER", "pretrain.epochs", "passes over the train rows"),
            CommandOption.optional(
                    "seed", "NUMBER", "pretrain.seed", "initial weights, what is hidden, dropout, order of rows"),
            CommandOption.required("output", "DIR", "output", "encoder directory to write; must not exist"));

    static PretrainSettings read(Settings settings) {
        String encoder = settings.text("pretrain.encoder");
        Optional<Size> size = Size.named(encoder);
        String profile = size.isPresent() ? "from-seed" : "pretrained";
        double rate = settings.number(TrainSettings.key(settings, "pretrain", profile, "learning-rate"), 1e-9, 10);
        TrainingPlan plan = new TrainingPlan(
                settings.integer("pretrain.epochs", 1, 10_000),
                settings.integer("pretrain.batch-size", 1, 100_000),
                settings.integer("pretrain.accumulation", 1, 10_000),
                new LearningRates(rate, rate, 1, settings.number("pretrain.warmup-share", 0, 0.99)),
                TrainingPlan.ALL,
                settings.number("pretrain.weight-decay", 0, 10),
                settings.number("pretrain.dropout", 0, 0.99),
                settings.number("pretrain.max-gradient-norm", 1e-9, 1e9),
                settings.integer("pretrain.patience", 1, 10_000),
                settings.choice("pretrain.precision", Precision.class),
                settings.wholeNumber("pretrain.seed", Long.MIN_VALUE, Long.MAX_VALUE));
        return new PretrainSettings(
                settings.text("pretrain.data"),
                settings.text("output"),
                size,
                encoder,
                settings.integer("pretrain.vocabulary-size", 100, 1_000_000),
                settings.integer("pretrain.max-tokens", TextRecipe.MIN_TOKENS, TextRecipe.MAX_TOKENS),
                plan,
                settings.number("pretrain.mask-share", 0.01, 0.99),
                settings.integer("pretrain.threads", 0, 4096),
                settings.integer("pretrain.checkpoint-steps", 1, Integer.MAX_VALUE));
    }

    /** What the result depends on beside plan, masking and the encoder that it starts from. */
    Map<String, String> asText() {
        Map<String, String> text = new TreeMap<>();
        text.put("job", "pretrain");
        text.put("encoder", encoder);
        text.put("max_tokens", Integer.toString(maxTokens));
        return text;
    }
}
