package io.aisle.batch.reduced;

import io.aisle.core.UserException;
import io.aisle.core.model.TreesDefinition.Leaves;
import io.aisle.core.settings.Settings;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.core.trees.ForestWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.scala.spark.TrackerConf;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassifier;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Boosted trees (Chen and Guestrin 2016, "XGBoost: A Scalable Tree Boosting System") by XGBoost on Spark: each round a tree a label, by
 * histograms. A feature that a text does not have counts as missing: each split learns where such texts go (section 3.4).
 *
 * <p>Its workers are tasks of one barrier stage, which talk to each other and to a tracker of the driver: all of them run at once, or none.
 *
 * @param depth of a tree at most
 * @param eta what each tree counts
 * @param minChildWeight sum of the second derivatives in each leaf at least
 * @param lambda weight of the penalty on what leaves say
 * @param subsample share of the rows that each round is fitted to
 * @param columnShare share of the features that each tree may ask for
 * @param bins values of a feature that are told apart at most
 * @param workers tasks; 0: as many as there are cores when it starts
 */
public record XgboostFitting(
        int rounds,
        int depth,
        double eta,
        double minChildWeight,
        double lambda,
        double subsample,
        double columnShare,
        int bins,
        int workers)
        implements Fitting {
    private static final String KEY = "train.xgboost.";
    private static final String DYNAMIC = "spark.dynamicAllocation.enabled";

    public static XgboostFitting read(Settings settings) {
        return new XgboostFitting(
                settings.integer(KEY + "rounds", 1, 100_000),
                settings.integer(KEY + "depth", 1, 30),
                settings.number(KEY + "eta", 1e-6, 1),
                settings.number(KEY + "min-child-weight", 0, 1e9),
                settings.number(KEY + "lambda", 0, 1e9),
                settings.number(KEY + "subsample", 0.01, 1),
                settings.number(KEY + "column-share", 0.001, 1),
                settings.integer(KEY + "bins", 2, 65_536),
                settings.integer(KEY + "workers", 0, 100_000));
    }

    @Override
    public Map<String, String> asText() {
        return new TreeMap<>(Map.of(
                "rounds", Integer.toString(rounds),
                "depth", Integer.toString(depth),
                "eta", Double.toString(eta),
                "min_child_weight", Double.toString(minChildWeight),
                "lambda", Double.toString(lambda),
                "subsample", Double.toString(subsample),
                "column_share", Double.toString(columnShare),
                "bins", Integer.toString(bins)));
    }

    @Override
    public Map<String, String> libraries() {
        return Map.of("xgboost", version());
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public ReducedModel fit(Dataset<Row> rows, int features, int labels, long seed, Path directory) throws IOException {
        try (TemporaryDirectory temporary = TemporaryDirectory.create("aisle-xgboost-")) {
            Path file = temporary.path().resolve("model.json");
            fit(rows, labels, seed).nativeBooster().saveModel(file.toString());
            int trees;
            try (ForestWriter writer = new ForestWriter(directory)) {
                trees = XgboostTrees.write(file, writer);
            }
            return new ReducedModel.Trees("xgboost", trees, Leaves.LOGITS, features, labels);
        } catch (XGBoostError e) {
            throw new IOException(e);
        }
    }

    private static String version() {
        try (InputStream file = XGBoost.class.getResourceAsStream("/xgboost4j-version.properties")) {
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the version of XGBoost", e);
        }
    }

    /** Fits trees in XGBoost's own form. */
    XGBoostClassificationModel fit(Dataset<Row> rows, int labels, long seed) {
        SparkContext spark = rows.sparkSession().sparkContext();
        if (spark.conf().getBoolean(DYNAMIC, false) && !spark.isLocal()) {
            throw new UserException("Cannot fit by xgboost: found " + DYNAMIC
                    + "=true, expected false, since all of its tasks have to run at once. Add: -- --conf " + DYNAMIC
                    + "=false");
        }
        XGBoostClassifier classifier = new XGBoostClassifier()
                .setObjective("multi:softprob")
                .setNumClass(labels)
                .setNumRound(rounds)
                .setMaxDepth(depth)
                .setEta(eta)
                .setMinChildWeight(minChildWeight)
                .setLambda(lambda)
                .setSubsample(subsample)
                .setColsampleBytree(columnShare)
                .setTreeMethod("hist")
                .setMaxBins(bins)
                .setMissing(0)
                .setWeightCol(ReducedRows.WEIGHT)
                .setNumWorkers(workers == 0 ? spark.defaultParallelism() : workers)
                .setNthread(Integer.parseInt(spark.conf().get("spark.task.cpus", "1")))
                .setSeed(seed);
        String host = spark.isLocal() ? "127.0.0.1" : spark.conf().get("spark.driver.host");
        classifier.set(classifier.trackerConf(), new TrackerConf(0, host, 0));
        classifier.setFeaturesCol(ReducedRows.FEATURES);
        classifier.setLabelCol(ReducedRows.LABEL);
        return classifier.fit(rows);
    }
}
