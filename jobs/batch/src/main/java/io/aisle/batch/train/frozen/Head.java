package io.aisle.batch.train.frozen;

import static io.aisle.core.onnx.DistilBertWeights.CLASSIFIER;
import static org.apache.spark.sql.functions.col;

import io.aisle.core.onnx.Tensor;
import io.aisle.training.ValidationScores;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A linear and softmax head, fitted by MLlib's multinomial logistic regression with an elastic net (Zou and Hastie 2005, "Regularization
 * and variable selection via the elastic net"): least mean cross-entropy + reg (elasticNet |w|₁ + (1 - elasticNet) / 2 |w|₂²), the
 * features scaled to deviation 1 for it. The coefficients are those of the features as they are.
 */
record Head(LogisticRegressionModel model, double reg, double elasticNet) {
    /** MLlib's own default: the relative change of the loss at which the optimizer stops. */
    private static final double TOLERANCE = 1e-6;

    /**
     * Fits a head. It starts from zero and draws nothing, so that equal rows in equal partitions give the same head but for the order in
     * which Spark adds the partitions' sums.
     *
     * @param rows with the columns of {@link HeadRows}
     */
    static Head fit(Dataset<Row> rows, double reg, double elasticNet, int maxIterations) {
        return new Head(
                new LogisticRegression()
                        .setFamily("multinomial")
                        .setFeaturesCol(HeadRows.FEATURES)
                        .setLabelCol(HeadRows.LABEL)
                        .setWeightCol(HeadRows.WEIGHT)
                        .setStandardization(true)
                        .setFitIntercept(true)
                        .setRegParam(reg)
                        .setElasticNetParam(elasticNet)
                        .setMaxIter(maxIterations)
                        .setTol(TOLERANCE)
                        .fit(rows),
                reg,
                elasticNet);
    }

    /** {@code classifier.weight} [labels, features] and {@code classifier.bias} [labels]. */
    Map<String, Tensor> weights() {
        Matrix coefficients = model.coefficientMatrix();
        int labels = coefficients.numRows();
        int features = coefficients.numCols();
        float[] weight = new float[Math.multiplyExact(labels, features)];
        float[] bias = new float[labels];
        for (int label = 0; label < labels; label++) {
            for (int feature = 0; feature < features; feature++) {
                weight[label * features + feature] = (float) coefficients.apply(label, feature);
            }
            bias[label] = (float) model.interceptVector().apply(label);
        }
        return Map.of(
                CLASSIFIER + ".weight", new Tensor(new long[] {labels, features}, weight),
                CLASSIFIER + ".bias", new Tensor(new long[] {labels}, bias));
    }

    /** What the head says of rows, in the order of their ids. Logits and labels meet on the driver; features do not. */
    Answers answers(Dataset<Row> rows) {
        List<float[]> logits = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        Iterator<Row> ordered = model.transform(rows)
                .select(col(HeadRows.ID), col(HeadRows.LABEL), col(model.getRawPredictionCol()))
                .orderBy(HeadRows.ID)
                .toLocalIterator();
        while (ordered.hasNext()) {
            Row row = ordered.next();
            labels.add((int) row.getDouble(1));
            logits.add(floats(row.getAs(2)));
        }
        return new Answers(
                logits.toArray(float[][]::new),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    private static float[] floats(Vector vector) {
        float[] floats = new float[vector.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) vector.apply(i);
        }
        return floats;
    }

    /**
     * A head's answers.
     *
     * @param logits [rows][labels], before softmax
     * @param labels index of each row's true label
     */
    record Answers(float[][] logits, int[] labels) {
        ValidationScores scores() {
            return ValidationScores.of(logits, labels);
        }
    }
}
