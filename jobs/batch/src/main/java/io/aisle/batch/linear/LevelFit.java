package io.aisle.batch.linear;

import io.aisle.core.UserException;
import io.aisle.core.linear.LevelClasses;
import io.aisle.core.linear.LevelSigmoid;
import io.aisle.training.linear.ExpertWeights;
import java.util.ArrayList;
import java.util.List;

/** Finds, on validation rows, what the margins of each level come to: first each level's sigmoid, then how much the levels count. */
final class LevelFit {
    private LevelFit() {}

    /**
     * Fits.
     *
     * @param margins [classes][rows]
     * @param truths index of each row's label
     * @return one a level
     * @throws UserException without rows
     */
    static List<LevelSigmoid> fit(LevelClasses classes, float[][] margins, int[] truths) {
        if (truths.length == 0) {
            throw new UserException(
                    "Cannot calibrate the margins of levels: found no validation rows, expected at least 1."
                            + " Give the validation part of the split more rows.");
        }
        List<LevelSigmoid> alone = new ArrayList<>();
        float[][][] shares = new float[classes.levels()][][];
        for (int level = 0; level < classes.levels(); level++) {
            int[] classOfLabel = classes.classOfLabel().get(level);
            float[][] ofLevel = new float[margins.length][];
            for (int number : classOfLabel) {
                ofLevel[number] = margins[number];
            }
            int[] classOfRow = new int[truths.length];
            for (int row = 0; row < truths.length; row++) {
                classOfRow[row] = classOfLabel[truths[row]];
            }
            PlattScaling scaling = PlattScaling.fit(ofLevel, classOfRow);
            LevelSigmoid sigmoid = new LevelSigmoid(scaling.slope(), scaling.offset(), 1);
            alone.add(sigmoid);
            shares[level] = shares(margins, truths.length, sigmoid);
        }
        double[] exponents = ExpertWeights.fit(classes.classOfLabel(), shares, truths);
        List<LevelSigmoid> together = new ArrayList<>();
        for (int level = 0; level < exponents.length; level++) {
            LevelSigmoid sigmoid = alone.get(level);
            together.add(new LevelSigmoid(sigmoid.slope(), sigmoid.offset(), exponents[level]));
        }
        return together;
    }

    private static float[][] shares(float[][] margins, int rows, LevelSigmoid sigmoid) {
        float[][] shares = new float[margins.length][rows];
        for (int number = 0; number < margins.length; number++) {
            for (int row = 0; row < rows; row++) {
                shares[number][row] = (float) sigmoid.logProbability(margins[number][row]);
            }
        }
        return shares;
    }

    /** The labels' scores of every row, [rows][labels]. */
    static float[][] scores(LevelClasses classes, float[][] margins, int rows, List<LevelSigmoid> levels) {
        float[][] scores = new float[rows][];
        float[] ofRow = new float[margins.length];
        for (int row = 0; row < rows; row++) {
            for (int number = 0; number < ofRow.length; number++) {
                ofRow[number] = margins[number][row];
            }
            scores[row] = classes.scores(ofRow, levels);
        }
        return scores;
    }
}
