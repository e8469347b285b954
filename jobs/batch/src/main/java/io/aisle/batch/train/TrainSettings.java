package io.aisle.batch.train;

import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.TextRecipe;
import io.aisle.training.TrainingPlan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What train needs to know.
 *
 * @param data what prepare wrote
 * @param layers of the tiny encoder; 0 leaves a bag of embeddings, the control that a transformer has to beat
 * @param threads of the training on the driver
 * @param targetPrecision what accepted predictions shall reach on validation
 */
record TrainSettings(
        String data,
        String output,
        Kind kind,
        EncoderName encoder,
        Unfreeze unfreeze,
        int layers,
        int vocabularySize,
        int maxTokens,
        TrainingPlan plan,
        int threads,
        double targetPrecision) {

    /** Kinds of model. */
    enum Kind {
        /** The encoder fine-tuned, with a linear and softmax head. */
        DISTILBERT
    }

    /** Where the encoder comes from. */
    enum EncoderName {
        /** A small DistilBERT from the seed, its vocabulary learnt from the prepared text. */
        TINY
    }

    /** Which weights of the encoder are trained. */
    enum Unfreeze {
        /** Every one. */
        ALL
    }

    static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required("data", "URI", "train.data", "what prepare wrote"),
            CommandOption.optional("kind", "NAME", "train.kind", "kind of model: distilbert"),
            CommandOption.optional("encoder", "NAME", "train.encoder", "encoder to start from: tiny"),
            CommandOption.optional("unfreeze", "WHAT", "train.unfreeze", "weights of the encoder to train: all"),
            CommandOption.optional("max-tokens", "NUMBER", "train.max-tokens", "word pieces a text is cut to"),
            CommandOption.optional("epochs", "NUMBER", "train.epochs", "passes over the train rows"),
            CommandOption.optional("seed", "NUMBER", "train.seed", "initial weights, dropout, order of rows"),
            CommandOption.required("output", "DIR", "output", "model bundle to write; must not exist"));

    static TrainSettings read(Settings settings) {
        TrainingPlan plan = new TrainingPlan(
                settings.integer("train.epochs", 1, 10_000),
                settings.integer("train.batch-size", 1, 100_000),
                settings.number("train.learning-rate", 1e-9, 10),
                settings.number("train.embedding-learning-rate", 1e-9, 10),
                settings.number("train.warmup-share", 0, 0.99),
                settings.number("train.weight-decay", 0, 10),
                settings.number("train.dropout", 0, 0.99),
                settings.number("train.label-smoothing", 0, 0.99),
                settings.number("train.max-gradient-norm", 1e-9, 1e9),
                settings.integer("train.patience", 1, 10_000),
                settings.wholeNumber("train.seed", Long.MIN_VALUE, Long.MAX_VALUE));
        int threads = settings.integer("train.threads", 0, 4096);
        return new TrainSettings(
                settings.text("train.data"),
                settings.text("output"),
                settings.choice("train.kind", Kind.class),
                settings.choice("train.encoder", EncoderName.class),
                settings.choice("train.unfreeze", Unfreeze.class),
                settings.integer("train.layers", 0, 24),
                settings.integer("train.vocabulary-size", 100, 1_000_000),
                settings.integer("train.max-tokens", TextRecipe.MIN_TOKENS, TextRecipe.MAX_TOKENS),
                plan,
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                settings.number("train.target-precision", 0.01, 1));
    }

    /** Every setting of the training, for the manifest. */
    Map<String, String> asText() {
        Map<String, String> text = new TreeMap<>();
        text.put("kind", Settings.choiceName(kind));
        text.put("encoder", Settings.choiceName(encoder));
        text.put("unfreeze", Settings.choiceName(unfreeze));
        text.put("layers", Integer.toString(layers));
        text.put("vocabulary_size", Integer.toString(vocabularySize));
        text.put("max_tokens", Integer.toString(maxTokens));
        text.put("epochs", Integer.toString(plan.epochs()));
        text.put("batch_size", Integer.toString(plan.batchSize()));
        text.put("learning_rate", Double.toString(plan.learningRate()));
        text.put("embedding_learning_rate", Double.toString(plan.embeddingLearningRate()));
        text.put("warmup_share", Double.toString(plan.warmupShare()));
        text.put("weight_decay", Double.toString(plan.weightDecay()));
        text.put("dropout", Double.toString(plan.dropout()));
        text.put("label_smoothing", Double.toString(plan.labelSmoothing()));
        text.put("max_gradient_norm", Double.toString(plan.maxGradientNorm()));
        text.put("patience", Integer.toString(plan.patience()));
        text.put("threads", Integer.toString(threads));
        return text;
    }
}
