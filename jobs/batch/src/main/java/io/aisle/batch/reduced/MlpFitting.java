package io.aisle.batch.reduced;

import io.aisle.core.mlp.Perceptron;
import io.aisle.core.settings.Settings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A multilayer perceptron by MLlib: the logistic function in hidden layers, softmax at the end, fitted to all rows at once by L-BFGS. Rows
 * cannot count more or less.
 *
 * @param hidden widths of the hidden layers
 * @param maxIterations of L-BFGS
 */
public record MlpFitting(List<Integer> hidden, int maxIterations) implements Fitting {
    private static final String KEY = "train.mlp.";
    private static final int MOST_WIDE = 100_000;
    /** Rows whose activations are calculated together. */
    private static final int BLOCK_ROWS = 128;

    public MlpFitting {
        hidden = List.copyOf(hidden);
    }

    public static MlpFitting read(Settings settings) {
        List<BigDecimal> widths = settings.decimals(KEY + "hidden");
        List<Integer> hidden = new ArrayList<>();
        for (BigDecimal width : widths) {
            if (width.stripTrailingZeros().scale() > 0
                    || width.signum() <= 0
                    || width.compareTo(BigDecimal.valueOf(MOST_WIDE)) > 0) {
                settings.problem(KEY + "hidden", widths.toString(), "whole numbers from 1 to " + MOST_WIDE);
                return new MlpFitting(List.of(), 1);
            }
            hidden.add(width.intValue());
        }
        return new MlpFitting(hidden, settings.integer(KEY + "max-iterations", 1, 100_000));
    }

    @Override
    public Map<String, String> asText() {
        return new TreeMap<>(Map.of("hidden", hidden.toString(), "max_iterations", Integer.toString(maxIterations)));
    }

    @Override
    public Map<String, String> libraries() {
        return Map.of();
    }

    @Override
    public boolean takesWeights() {
        return false;
    }

    @Override
    public ReducedModel fit(Dataset<Row> rows, int features, int labels, long seed, Path directory) throws IOException {
        List<Integer> layers = new ArrayList<>(List.of(features));
        layers.addAll(hidden);
        layers.add(labels);
        Perceptron.write(directory, fit(rows, layers, seed).weights().toArray());
        return new ReducedModel.Mlp(List.copyOf(layers));
    }

    /** Fits in MLlib's own form. */
    MultilayerPerceptronClassificationModel fit(Dataset<Row> rows, List<Integer> layers, long seed) {
        return new MultilayerPerceptronClassifier()
                .setFeaturesCol(ReducedRows.FEATURES)
                .setLabelCol(ReducedRows.LABEL)
                .setLayers(layers.stream().mapToInt(Integer::intValue).toArray())
                .setMaxIter(maxIterations)
                .setBlockSize(BLOCK_ROWS)
                .setSeed(seed)
                .fit(rows);
    }
}
