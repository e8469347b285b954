package io.aisle.batch.reduced;

import com.microsoft.azure.synapse.ml.build.BuildInfo;
import com.microsoft.azure.synapse.ml.lightgbm.LightGBMClassificationModel;
import com.microsoft.azure.synapse.ml.lightgbm.LightGBMClassifier;
import io.aisle.core.model.TreesDefinition.Leaves;
import io.aisle.core.settings.Settings;
import io.aisle.core.trees.ForestWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Boosted trees (Ke et al. 2017, "LightGBM: A Highly Efficient Gradient Boosting Decision Tree") by LightGBM on Spark: each round a tree a
 * label, by histograms, the leaf that gains most split first.
 *
 * <p>One task of each executor fits, with a thread a core, to the rows of all of that executor's; they find each other by a port of the
 * driver's that is open while it fits.
 *
 * @param leaves of a tree at most
 * @param depth of a tree at most; -1 for any
 * @param rate what each tree counts
 * @param minRows of train in each leaf at least
 * @param lambda weight of the penalty on what leaves say
 * @param columnShare share of the features that each tree may ask for
 * @param bins values of a feature that are told apart at most
 */
public record LightgbmFitting(
        int rounds, int leaves, int depth, double rate, int minRows, double lambda, double columnShare, int bins)
        implements Fitting {
    private static final String KEY = "train.lightgbm.";
    private static final int SILENT = -1;

    public static LightgbmFitting read(Settings settings) {
        return new LightgbmFitting(
                settings.integer(KEY + "rounds", 1, 100_000),
                settings.integer(KEY + "leaves", 2, 100_000),
                settings.integer(KEY + "depth", -1, 1_000),
                settings.number(KEY + "learning-rate", 1e-6, 1),
                settings.integer(KEY + "min-rows", 1, Integer.MAX_VALUE),
                settings.number(KEY + "lambda", 0, 1e9),
                settings.number(KEY + "column-share", 0.001, 1),
                settings.integer(KEY + "bins", 2, 65_536));
    }

    @Override
    public Map<String, String> asText() {
        return new TreeMap<>(Map.of(
                "rounds", Integer.toString(rounds),
                "leaves", Integer.toString(leaves),
                "depth", Integer.toString(depth),
                "learning_rate", Double.toString(rate),
                "min_rows", Integer.toString(minRows),
                "lambda", Double.toString(lambda),
                "column_share", Double.toString(columnShare),
                "bins", Integer.toString(bins)));
    }

    @Override
    public Map<String, String> libraries() {
        return Map.of("synapseml_lightgbm", BuildInfo.version());
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public ReducedModel fit(Dataset<Row> rows, int features, int labels, long seed, Path directory) throws IOException {
        String model = fit(rows, labels, seed).getNativeModel();
        int trees;
        try (ForestWriter writer = new ForestWriter(directory)) {
            trees = LightgbmTrees.write(model, labels, writer);
        }
        return new ReducedModel.Trees("lightgbm", trees, Leaves.LOGITS, features, labels);
    }

    /** Fits trees in LightGBM's own form. */
    LightGBMClassificationModel fit(Dataset<Row> rows, int labels, long seed) {
        LightGBMClassifier classifier = new LightGBMClassifier();
        classifier.setObjective("multiclass");
        classifier.setMaxNumClasses(labels);
        classifier.setNumIterations(rounds);
        classifier.setNumLeaves(leaves);
        classifier.setMaxDepth(depth);
        classifier.setLearningRate(rate);
        classifier.setMinDataInLeaf(minRows);
        classifier.setLambdaL2(lambda);
        classifier.setFeatureFraction(columnShare);
        classifier.setMaxBin(bins);
        classifier.setUseMissing(false);
        classifier.setIsProvideTrainingMetric(false);
        classifier.setVerbosity(SILENT);
        classifier.setSeed(Long.hashCode(seed));
        classifier.setDeterministic(true);
        classifier.setPassThroughArgs("force_col_wise=true");
        classifier.setWeightCol(ReducedRows.WEIGHT);
        classifier.setFeaturesCol(ReducedRows.FEATURES);
        classifier.setLabelCol(ReducedRows.LABEL);
        return classifier.fit(rows);
    }
}
