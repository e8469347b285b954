package io.aisle.batch.train.frozen;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Encoding;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.text.TextRecipe;
import io.aisle.training.ValidationScores;
import io.aisle.training.encoder.Encoder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Trains a head on an encoder that stays as it is: features on the executors, once a text and encoder; then one fit a setting. */
public final class FrozenTraining {
    private FrozenTraining() {}

    /**
     * Encodes the train and validation rows whose features are not cached, fits a head for each pair of settings, and takes the one with
     * the highest macro F1 on validation, of equals the one with the stronger penalty.
     *
     * @param fingerprint of the encoder: sizes, vocabulary and weights; the features are cached under it
     * @param data has validation rows
     * @param labels in the order of their indices; each has a train row
     * @param weightOfLabel what a row of each label counts, above 0; 1 everywhere counts rows alike
     * @param maxTokens word pieces a text is cut to
     * @throws io.aisle.core.UserException if weights and sizes of the encoder do not fit, if GPUs are asked for and missing, or if the
     *     cache is damaged
     */
    public static FrozenTrained train(
            JobContext context,
            Encoder encoder,
            String fingerprint,
            PreparedData data,
            List<String> labels,
            double[] weightOfLabel,
            FrozenSettings settings,
            int maxTokens) {
        SparkSession spark = context.spark();
        TextRecipe recipe = data.manifest().recipe();
        DistilBertConfig config = encoder.config().with(Pooling.CLS_AND_MEAN);
        FeatureCache cache = FeatureCache.open(spark, settings.features(), fingerprint, recipe, maxTokens);
        Dataset<Row> train = data.rows(Split.TRAIN);
        Dataset<Row> validation = data.rows(Split.VALIDATION);

        context.step("train: look for features");
        long encoded = cache.add(train.unionAll(validation), texts -> {
            context.step("train: encode", texts);
            return Encoding.open(spark, config, encoder.weights(), recipe, encoder.vocabulary(), maxTokens);
        });
        context.say("encoded %,d texts; their features are kept in %s", encoded, settings.features());

        context.step("train: fit the head");
        Map<String, Long> rows = data.manifest().rows();
        try (KeptRows fitted = HeadRows.keep(
                        train, rows.get(Split.TRAIN.key()), cache, labels, weightOfLabel, config.pooledDim());
                KeptRows judged = HeadRows.keep(
                        validation,
                        rows.get(Split.VALIDATION.key()),
                        cache,
                        labels,
                        weightOfLabel,
                        config.pooledDim())) {
            Judged best = best(context, fitted.rows(), judged.rows(), settings);
            return new FrozenTrained(
                    config,
                    encoder.with(best.head().weights()),
                    best.answers().logits(),
                    best.answers().labels(),
                    best.scores(),
                    new TreeMap<>(Map.of(
                            "reg", Double.toString(best.head().reg()),
                            "elastic_net", Double.toString(best.head().elasticNet()))),
                    encoded);
        }
    }

    /** A head and what it is worth. */
    private record Judged(Head head, Head.Answers answers, ValidationScores scores) {}

    private static Judged best(JobContext context, Dataset<Row> fitted, Dataset<Row> judged, FrozenSettings settings) {
        Judged best = null;
        // strongest first, so that of equals it stays
        for (double reg : settings.reg()) {
            for (double elasticNet : settings.elasticNet()) {
                Head head = Head.fit(fitted, reg, elasticNet, settings.maxIterations());
                Head.Answers answers = head.answers(judged);
                ValidationScores scores = answers.scores();
                context.say("reg %s, elastic net %s: validation macro F1 %.4f", reg, elasticNet, scores.macroF1());
                if (best == null || scores.macroF1() > best.scores().macroF1()) {
                    best = new Judged(head, answers, scores);
                }
            }
        }
        return best;
    }
}
