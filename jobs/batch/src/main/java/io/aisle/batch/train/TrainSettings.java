package io.aisle.batch.train;

import io.aisle.batch.linear.LinearSettings;
import io.aisle.batch.reduced.Fitting;
import io.aisle.batch.reduced.LightgbmFitting;
import io.aisle.batch.reduced.MlpFitting;
import io.aisle.batch.reduced.RandomForestFitting;
import io.aisle.batch.reduced.ReducedSettings;
import io.aisle.batch.reduced.XgboostFitting;
import io.aisle.batch.train.Start.Size;
import io.aisle.batch.train.frozen.FrozenSettings;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.TextRecipe;
import io.aisle.training.ClassWeights;
import io.aisle.training.ClassificationLoss;
import io.aisle.training.LearningRates;
import io.aisle.training.Precision;
import io.aisle.training.TrainingPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What train needs to know.
 *
 * @param data what prepare wrote
 * @param size of the network where it starts from the seed; else the encoder is a directory
 * @param encoder name of the size, or URI of a directory
 * @param embeddings bundle of a bag whose vocabulary and word embeddings to start from
 * @param teacher bundle whose answers to learn from beside the labels
 * @param unlabelled what prepare wrote of further rows, of which the teacher alone speaks
 * @param pooling what the head reads of a text
 * @param fitting what fits a kind of few features; none for other kinds
 * @param members of a kind that is made of several, in their order; none for other kinds
 * @param cascadeTarget accuracy that a cascade may lose against the better of its members
 * @param threads of the training; 0 for every core of the executor
 * @param calibration what makes confidences mean what they say
 * @param targetPrecision what accepted predictions shall reach on validation
 */
public record TrainSettings(
        String data,
        String output,
        Kind kind,
        Optional<Size> size,
        String encoder,
        Optional<String> embeddings,
        Optional<String> teacher,
        Optional<String> unlabelled,
        int vocabularySize,
        int maxTokens,
        Pooling pooling,
        TrainingPlan plan,
        ClassificationLoss loss,
        FrozenSettings frozen,
        LinearSettings linear,
        ReducedSettings reduced,
        Optional<Fitting> fitting,
        List<TrainSettings> members,
        StackSettings stack,
        double cascadeTarget,
        int threads,
        int checkpointSteps,
        CalibrationSettings calibration,
        double targetPrecision) {

    /** Kinds of model. */
    public enum Kind {
        /** The encoder fine-tuned, with a linear and softmax head. */
        DISTILBERT,
        /** Such a head on an encoder that stays as it is. */
        DISTILBERT_FROZEN,
        /** The mean of word-piece embeddings, with such a head: what a transformer has to beat. */
        BAG,
        /** n-grams of each field, and a linear classifier of them: the number to beat. */
        LINEAR,
        /** Trees of bootstrap samples, of the n-grams that say most about the label. */
        RANDOM_FOREST,
        /** Boosted trees of the same n-grams, by XGBoost. */
        XGBOOST,
        /** Boosted trees of the same n-grams, by LightGBM. */
        LIGHTGBM,
        /** A multilayer perceptron of the same n-grams. */
        MLP,
        /** Several kinds, and how much each counts. */
        STACK,
        /** Linear first; a network reads what linear is not sure of. */
        CASCADE
    }

    /** Those that have a network. */
    public static final List<Kind> NETWORKS = List.of(Kind.DISTILBERT, Kind.DISTILBERT_FROZEN, Kind.BAG);

    /** The options of train. */
    public static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required("data", "URI", "train.data", "what prepare wrote"),
            CommandOption.optional(
                    "kind",
                    "NAME",
                    "train.kind",
                    "kind of model: distilbert, distilbert-frozen, bag, linear, random-forest, xgboost, lightgbm, mlp, stack,"
                            + " cascade"),
            CommandOption.list("stack-kinds", "A,B,C", "train.stack.kinds", "kinds that a stack is made of"),
            CommandOption.optional(
                    "encoder", "WHAT", "train.encoder", "encoder to start from: tiny, mini, or a directory"),
            CommandOption.optional(
                    "unfreeze", "WHAT", "train.unfreeze", "weights of the encoder to train: all, or the top N layers"),
            CommandOption.optional(
                    "embeddings", "URI", "train.embeddings", "bag to take vocabulary and word embeddings from"),
            CommandOption.optional(
                    "class-weights",
                    "HOW",
                    "train.class-weights",
                    "how rare classes count: none, inverse, effective-number"),
            CommandOption.optional("teacher", "URI", "train.teacher", "model bundle to learn from beside the labels"),
            CommandOption.optional(
                    "unlabelled", "URI", "train.unlabelled", "prepared rows of which the teacher alone speaks"),
            CommandOption.optional(
                    "cascade-target",
                    "SHARE",
                    "train.cascade.target",
                    "accuracy that a cascade may lose against the better of linear and network"),
            CommandOption.optional(
                    "calibration",
                    "HOW",
                    "train.calibration",
                    "what makes confidences mean what they say: temperature, vector"),
            CommandOption.optional("max-tokens", "NUMBER", "train.max-tokens", "word pieces a text is cut to"),
            CommandOption.optional("epochs", "NUMBER", "train.epochs", "passes over the train rows"),
            CommandOption.optional("seed", "NUMBER", "train.seed", "initial weights, dropout, order of rows"),
            CommandOption.required("output", "DIR", "output", "model bundle to write; must not exist"));

    static TrainSettings read(Settings settings) {
        return read(settings, settings.choice("train.kind", Kind.class));
    }

    /** The settings of one kind, whichever {@code train.kind} names. */
    public static TrainSettings read(Settings settings, Kind kind) {
        return read(settings, kind, false);
    }

    /**
     * The settings of one kind.
     *
     * @param isMember whether it is part of a model of several kinds, some of which have a use for what it has none for
     */
    private static TrainSettings read(Settings settings, Kind kind, boolean isMember) {
        String encoder = kind == Kind.BAG ? "bag" : settings.text("train.encoder");
        Optional<Size> size = kind == Kind.BAG ? Optional.of(Size.BAG) : Size.named(encoder);
        String profile = kind == Kind.BAG ? "bag" : size.isPresent() ? "from-seed" : "pretrained";
        LearningRates rates = new LearningRates(
                settings.number(key(settings, "train", profile, "learning-rate"), 1e-9, 10),
                settings.number(key(settings, "train", profile, "embedding-learning-rate"), 1e-9, 10),
                settings.number("train.layer-decay", 0.01, 1),
                settings.number("train.warmup-share", 0, 0.99));
        TrainingPlan plan = new TrainingPlan(
                settings.integer(key(settings, "train", profile, "epochs"), 1, 10_000),
                settings.integer("train.batch-size", 1, 100_000),
                settings.integer("train.accumulation", 1, 10_000),
                rates,
                unfrozen(settings),
                settings.number("train.weight-decay", 0, 10),
                settings.number(key(settings, "train", profile, "dropout"), 0, 0.99),
                settings.number("train.max-gradient-norm", 1e-9, 1e9),
                settings.integer("train.patience", 1, 10_000),
                settings.choice("train.precision", Precision.class),
                settings.wholeNumber("train.seed", Long.MIN_VALUE, Long.MAX_VALUE));
        ClassificationLoss loss = new ClassificationLoss(
                settings.number("train.label-smoothing", 0, 0.99),
                settings.choice("train.class-weights", ClassWeights.class),
                settings.number("train.teacher-temperature", 0.01, 100),
                settings.number("train.teacher-share", 0, 1));
        Optional<String> teacher = settings.optionalText("train.teacher");
        Optional<String> unlabelled = settings.optionalText("train.unlabelled");
        if (unlabelled.isPresent() && teacher.isEmpty()) {
            settings.problem("train.unlabelled", unlabelled.get(), "a teacher beside it (--teacher)");
        }
        Optional<String> embeddings = settings.optionalText("train.embeddings");
        if (embeddings.isPresent() && (kind == Kind.BAG || size.isEmpty())) {
            settings.problem("train.embeddings", embeddings.get(), "none, but for an encoder from the seed");
        }
        Pooling pooling = settings.choice(key(settings, "train", profile, "pooling"), Pooling.class);
        if (kind == Kind.BAG && pooling != Pooling.MEAN) {
            settings.problem("train.pooling", Settings.choiceName(pooling), "mean, since the kind is bag");
        }
        if (kind == Kind.DISTILBERT_FROZEN) {
            if (settings.has("train.pooling")) {
                settings.problem(
                        "train.pooling",
                        Settings.choiceName(pooling),
                        "none, since a frozen encoder is read both ways");
            }
            if (size.isPresent()) {
                settings.problem(
                        "train.encoder", encoder, "a directory, since nothing is learnt of an encoder that is frozen");
            }
            teacher.ifPresent(
                    uri -> settings.problem("train.teacher", uri, "none, since the kind is distilbert-frozen"));
        }
        if (kind == Kind.LINEAR && !isMember) {
            teacher.ifPresent(uri -> settings.problem("train.teacher", uri, "none, since the kind is linear"));
            embeddings.ifPresent(uri -> settings.problem("train.embeddings", uri, "none, since the kind is linear"));
        }
        Optional<Fitting> fitting = fitting(kind, settings);
        if (fitting.isPresent() && !fitting.get().takesWeights() && loss.classWeights() != ClassWeights.NONE) {
            settings.problem(
                    "train.class-weights",
                    Settings.choiceName(loss.classWeights()),
                    "none, since rows of the kind " + Settings.choiceName(kind)
                            + " cannot count more or less (train.reduced.smote fills up rare classes)");
        }
        ReducedSettings reduced = ReducedSettings.read(settings);
        if (fitting.isPresent() && reduced.smote().isPresent() && loss.classWeights() != ClassWeights.NONE) {
            settings.problem(
                    "train.class-weights",
                    Settings.choiceName(loss.classWeights()),
                    "none, since train.reduced.smote fills up rare classes already");
        }
        return new TrainSettings(
                settings.text("train.data"),
                settings.text("output"),
                kind,
                size,
                encoder,
                embeddings,
                teacher,
                unlabelled,
                settings.integer("train.vocabulary-size", 100, 1_000_000),
                settings.integer("train.max-tokens", TextRecipe.MIN_TOKENS, TextRecipe.MAX_TOKENS),
                pooling,
                plan,
                loss,
                FrozenSettings.read(settings),
                LinearSettings.read(settings),
                reduced,
                fitting,
                members(kind, settings),
                StackSettings.read(settings),
                settings.number("train.cascade.target", 0, 1),
                settings.integer("train.threads", 0, 4096),
                settings.integer("train.checkpoint-steps", 1, Integer.MAX_VALUE),
                CalibrationSettings.read(settings),
                settings.number("train.target-precision", 0.01, 1));
    }

    /** The same, so that validation rows stay unknown to what is trained. */
    TrainSettings withoutRefit() {
        if (kind != Kind.LINEAR) {
            return this;
        }
        return new TrainSettings(
                data,
                output,
                kind,
                size,
                encoder,
                embeddings,
                teacher,
                unlabelled,
                vocabularySize,
                maxTokens,
                pooling,
                plan,
                loss,
                frozen,
                linear.withoutRefit(),
                reduced,
                fitting,
                members,
                stack,
                cascadeTarget,
                threads,
                checkpointSteps,
                calibration,
                targetPrecision);
    }

    private static Optional<Fitting> fitting(Kind kind, Settings settings) {
        return switch (kind) {
            case RANDOM_FOREST -> Optional.of(RandomForestFitting.read(settings));
            case XGBOOST -> Optional.of(XgboostFitting.read(settings));
            case LIGHTGBM -> Optional.of(LightgbmFitting.read(settings));
            case MLP -> Optional.of(MlpFitting.read(settings));
            case DISTILBERT, DISTILBERT_FROZEN, BAG, LINEAR, STACK, CASCADE -> Optional.empty();
        };
    }

    private static List<TrainSettings> members(Kind kind, Settings settings) {
        return switch (kind) {
            case STACK -> {
                List<Kind> kinds = settings.choices("train.stack.kinds", Kind.class);
                if (kinds.size() < 2
                        || kinds.stream().distinct().count() != kinds.size()
                        || kinds.contains(Kind.STACK)
                        || kinds.contains(Kind.CASCADE)) {
                    settings.problem(
                            "train.stack.kinds",
                            settings.texts("train.stack.kinds").toString(),
                            "two kinds or more, each once, none of them made of several");
                    yield List.of();
                }
                yield kinds.stream().map(member -> read(settings, member, true)).toList();
            }
            case CASCADE -> {
                Kind network = settings.choice("train.cascade.network", Kind.class);
                if (!NETWORKS.contains(network)) {
                    settings.problem(
                            "train.cascade.network",
                            Settings.choiceName(network),
                            "one of "
                                    + NETWORKS.stream()
                                            .map(Settings::choiceName)
                                            .collect(Collectors.joining(", ")));
                    yield List.of();
                }
                yield List.of(read(settings, Kind.LINEAR, true), read(settings, network, true));
            }
            default -> List.of();
        };
    }

    /** Where a setting is not given: what does well for such networks. */
    static String key(Settings settings, String job, String profile, String name) {
        String given = job + "." + name;
        return settings.has(given) ? given : job + ".profiles." + profile + "." + name;
    }

    private static int unfrozen(Settings settings) {
        return settings.text("train.unfreeze").equals("all")
                ? TrainingPlan.ALL
                : settings.integer("train.unfreeze", 0, 1_000);
    }

    /** Every setting that the network depends on, for the manifest. */
    Map<String, String> asText() {
        Map<String, String> text = new TreeMap<>();
        text.put("kind", Settings.choiceName(kind));
        text.putAll(calibration.asText());
        text.put("class_weights", Settings.choiceName(loss.classWeights()));
        if (kind == Kind.LINEAR) {
            text.putAll(linear.asText());
            return text;
        }
        if (kind == Kind.STACK) {
            members.forEach(member -> member.asText()
                    .forEach((key, value) -> text.put(Settings.choiceName(member.kind()) + "." + key, value)));
            text.putAll(stack.asText());
            return text;
        }
        if (kind == Kind.CASCADE) {
            members.forEach(member -> text.putAll(member.asText()));
            text.put("kind", Settings.choiceName(kind));
            text.put("cascade_network", Settings.choiceName(members.get(1).kind()));
            text.put("cascade_target", Double.toString(cascadeTarget));
            return text;
        }
        if (fitting.isPresent()) {
            text.putAll(reduced.asText());
            text.putAll(fitting.get().asText());
            return text;
        }
        text.put("encoder", encoder);
        embeddings.ifPresent(uri -> text.put("embeddings", uri));
        teacher.ifPresent(uri -> {
            text.put("teacher", uri);
            text.put("teacher_temperature", Double.toString(loss.teacherTemperature()));
            text.put("teacher_share", Double.toString(loss.teacherShare()));
        });
        unlabelled.ifPresent(uri -> text.put("unlabelled", uri));
        text.put("max_tokens", Integer.toString(maxTokens));
        if (kind == Kind.DISTILBERT_FROZEN) {
            text.putAll(frozen.asText());
            return text;
        }
        text.put("pooling", Settings.choiceName(pooling));
        text.put("unfreeze", plan.unfrozen() == TrainingPlan.ALL ? "all" : Integer.toString(plan.unfrozen()));
        size.ifPresent(learnt -> text.put("vocabulary_size", Integer.toString(vocabularySize)));
        text.put("epochs", Integer.toString(plan.epochs()));
        text.put("batch_size", Integer.toString(plan.batchSize()));
        text.put("accumulation", Integer.toString(plan.accumulation()));
        text.put("learning_rate", Double.toString(plan.rates().highest()));
        text.put("embedding_learning_rate", Double.toString(plan.rates().embeddings()));
        text.put("layer_decay", Double.toString(plan.rates().layerDecay()));
        text.put("warmup_share", Double.toString(plan.rates().warmupShare()));
        text.put("weight_decay", Double.toString(plan.weightDecay()));
        text.put("dropout", Double.toString(plan.dropout()));
        text.put("label_smoothing", Double.toString(loss.labelSmoothing()));
        text.put("max_gradient_norm", Double.toString(plan.maxGradientNorm()));
        text.put("patience", Integer.toString(plan.patience()));
        text.put("precision", Settings.choiceName(plan.precision()));
        text.put("threads", threads == 0 ? "all" : Integer.toString(threads));
        return text;
    }
}
