package io.aisle.batch.linear;

import io.aisle.core.UserException;
import java.util.Arrays;

/**
 * What the margins of each level are multiplied by before they are added up to a label's score: the scales, 0 or more, for which softmax of
 * the scores has the least negative log-likelihood. It is convex in them; Newton's method with halved steps finds them in some ten passes. A
 * step that would leave the bound goes along it (Bertsekas 1982, "Projected Newton methods for optimization problems with simple
 * constraints").
 */
final class LevelScales {
    private static final int MAX_STEPS = 100;
    private static final double ENOUGH = 1e-9;
    /** Keeps a level bounded that is right in every row. */
    private static final double RIDGE = 1e-6;
    /** A level that is so near to 0, and would go there, moves apart from the others. */
    private static final double NEAR_BOUND = 1e-3;

    private final LevelClasses classes;
    private final float[][] margins;
    private final int[] truths;
    private final double[] scores;
    private final float[] ofRow;

    private LevelScales(LevelClasses classes, float[][] margins, int[] truths) {
        this.classes = classes;
        this.margins = margins;
        this.truths = truths;
        this.scores = new double[classes.labels()];
        this.ofRow = new float[margins.length];
    }

    /**
     * Fits scales.
     *
     * @param margins [classes][rows]
     * @param truths index of each row's label
     * @return one a level
     */
    static double[] fit(LevelClasses classes, float[][] margins, int[] truths) {
        if (truths.length == 0) {
            throw new UserException("Cannot fit the scales of levels: found no validation rows, expected at least 1."
                    + " Give the validation part of the split more rows.");
        }
        return new LevelScales(classes, margins, truths).fit();
    }

    /** The scores of every row, [rows][labels]. */
    static float[][] scores(LevelClasses classes, float[][] margins, int rows, double[] scales) {
        LevelScales all = new LevelScales(classes, margins, new int[rows]);
        float[][] scores = new float[rows][classes.labels()];
        for (int row = 0; row < rows; row++) {
            all.score(row, scales);
            for (int label = 0; label < all.scores.length; label++) {
                scores[row][label] = (float) all.scores[label];
            }
        }
        return scores;
    }

    private double[] fit() {
        double[] scales = new double[classes.levels()];
        Arrays.fill(scales, 1);
        double loss = loss(scales);
        for (int step = 0; step < MAX_STEPS; step++) {
            double[] direction = newtonStep(scales);
            double share = 1;
            double[] next = moved(scales, direction, share);
            double nextLoss = loss(next);
            while (!(nextLoss < loss) && share > ENOUGH) {
                share /= 2;
                next = moved(scales, direction, share);
                nextLoss = loss(next);
            }
            if (!(nextLoss < loss - ENOUGH)) {
                break;
            }
            scales = next;
            loss = nextLoss;
        }
        return scales;
    }

    private static double[] moved(double[] scales, double[] direction, double share) {
        double[] moved = new double[scales.length];
        for (int level = 0; level < moved.length; level++) {
            moved[level] = Math.max(0, scales[level] - share * direction[level]);
        }
        return moved;
    }

    /** Mean negative log-likelihood, natural log, and the ridge. */
    private double loss(double[] scales) {
        double loss = 0;
        for (int row = 0; row < truths.length; row++) {
            score(row, scales);
            double greatest = Arrays.stream(scores).max().orElseThrow();
            double sum = 0;
            for (double score : scores) {
                sum += Math.exp(score - greatest);
            }
            loss += Math.log(sum) + greatest - scores[truths[row]];
        }
        return loss / truths.length
                + RIDGE / 2 * Arrays.stream(scales).map(scale -> scale * scale).sum();
    }

    /** Inverse Hessian times gradient; the inverse is diagonal in the levels that their bound holds. */
    private double[] newtonStep(double[] scales) {
        int levels = scales.length;
        double[] gradient = new double[levels];
        double[][] hessian = new double[levels][levels];
        for (int row = 0; row < truths.length; row++) {
            addDerivatives(row, scales, gradient, hessian);
        }
        for (int level = 0; level < levels; level++) {
            gradient[level] = gradient[level] / truths.length + RIDGE * scales[level];
            for (int other = 0; other < levels; other++) {
                hessian[level][other] /= truths.length;
            }
            hessian[level][level] += RIDGE;
        }
        for (int level = 0; level < levels; level++) {
            if (scales[level] <= NEAR_BOUND && gradient[level] > 0) {
                for (int other = 0; other < levels; other++) {
                    if (other != level) {
                        hessian[level][other] = 0;
                        hessian[other][level] = 0;
                    }
                }
            }
        }
        return solve(hessian, gradient);
    }

    private void addDerivatives(int row, double[] scales, double[] gradient, double[][] hessian) {
        int levels = scales.length;
        score(row, scales);
        double greatest = Arrays.stream(scores).max().orElseThrow();
        double total = 0;
        double[] mean = new double[levels];
        double[][] products = new double[levels][levels];
        for (int label = 0; label < scores.length; label++) {
            double weight = Math.exp(scores[label] - greatest);
            total += weight;
            for (int level = 0; level < levels; level++) {
                double margin = margin(level, label);
                mean[level] += weight * margin;
                for (int other = 0; other <= level; other++) {
                    products[level][other] += weight * margin * margin(other, label);
                }
            }
        }
        for (int level = 0; level < levels; level++) {
            gradient[level] += mean[level] / total - margin(level, truths[row]);
            for (int other = 0; other <= level; other++) {
                double covariance = products[level][other] / total - mean[level] / total * (mean[other] / total);
                hessian[level][other] += covariance;
                hessian[other][level] = hessian[level][other];
            }
        }
    }

    /** Of the row that was scored last. */
    private double margin(int level, int label) {
        return ofRow[classes.classOfLabel().get(level)[label]];
    }

    private void score(int row, double[] scales) {
        for (int i = 0; i < ofRow.length; i++) {
            ofRow[i] = margins[i][row];
        }
        classes.addUp(ofRow, scales, scores);
    }

    /** Solves a positive definite system by Gaussian elimination. */
    private static double[] solve(double[][] matrix, double[] right) {
        int n = right.length;
        double[] solution = right.clone();
        for (int pivot = 0; pivot < n; pivot++) {
            for (int row = pivot + 1; row < n; row++) {
                double factor = matrix[row][pivot] / matrix[pivot][pivot];
                for (int column = pivot; column < n; column++) {
                    matrix[row][column] -= factor * matrix[pivot][column];
                }
                solution[row] -= factor * solution[pivot];
            }
        }
        for (int row = n - 1; row >= 0; row--) {
            for (int column = row + 1; column < n; column++) {
                solution[row] -= matrix[row][column] * solution[column];
            }
            solution[row] /= matrix[row][row];
        }
        return solution;
    }
}
