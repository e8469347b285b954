package io.aisle.batch.linear;

import io.aisle.core.linear.LevelClasses;
import java.util.Arrays;
import java.util.List;

/**
 * How much each level counts: the exponents, 0 or more, for which softmax of the labels' scores has the least negative log-likelihood on
 * validation rows. It is convex in them; Newton's method with halved steps finds them in some ten passes. A step that would leave the bound
 * goes along it (Bertsekas 1982, "Projected Newton methods for optimization problems with simple constraints").
 */
final class LevelExponents {
    private static final int MAX_STEPS = 100;
    private static final double ENOUGH = 1e-9;
    /** Keeps a level bounded that is right in every row. */
    private static final double RIDGE = 1e-6;
    /** A level that is so near to 0, and would go there, moves apart from the others. */
    private static final double NEAR_BOUND = 1e-3;

    private final List<int[]> classOfLabel;
    private final float[][][] shares;
    private final int[] truths;
    private final double[] scores;
    private final float[][] ofRow;

    private LevelExponents(LevelClasses classes, float[][][] shares, int[] truths) {
        this.classOfLabel = classes.classOfLabel();
        this.shares = shares;
        this.truths = truths;
        this.scores = new double[classes.labels()];
        this.ofRow = new float[classes.levels()][classes.classes().size()];
    }

    /**
     * Fits exponents.
     *
     * @param shares what each category's margin comes to with an exponent of 1, [levels][classes][rows]
     * @param truths index of each row's label, at least one
     * @return one a level
     */
    static double[] fit(LevelClasses classes, float[][][] shares, int[] truths) {
        return new LevelExponents(classes, shares, truths).fit();
    }

    private double[] fit() {
        double[] exponents = new double[shares.length];
        Arrays.fill(exponents, 1);
        double loss = loss(exponents);
        for (int step = 0; step < MAX_STEPS; step++) {
            double[] direction = newtonStep(exponents);
            double share = 1;
            double[] next = moved(exponents, direction, share);
            double nextLoss = loss(next);
            while (!(nextLoss < loss) && share > ENOUGH) {
                share /= 2;
                next = moved(exponents, direction, share);
                nextLoss = loss(next);
            }
            if (!(nextLoss < loss - ENOUGH)) {
                break;
            }
            exponents = next;
            loss = nextLoss;
        }
        return exponents;
    }

    private static double[] moved(double[] exponents, double[] direction, double share) {
        double[] moved = new double[exponents.length];
        for (int level = 0; level < moved.length; level++) {
            moved[level] = Math.max(0, exponents[level] - share * direction[level]);
        }
        return moved;
    }

    /** Mean negative log-likelihood, natural log, and the ridge. */
    private double loss(double[] exponents) {
        double loss = 0;
        for (int row = 0; row < truths.length; row++) {
            score(row, exponents);
            double greatest = Arrays.stream(scores).max().orElseThrow();
            double sum = 0;
            for (double score : scores) {
                sum += Math.exp(score - greatest);
            }
            loss += Math.log(sum) + greatest - scores[truths[row]];
        }
        return loss / truths.length
                + RIDGE
                        / 2
                        * Arrays.stream(exponents)
                                .map(exponent -> exponent * exponent)
                                .sum();
    }

    /** Inverse Hessian times gradient; the inverse is diagonal in the levels that their bound holds. */
    private double[] newtonStep(double[] exponents) {
        int levels = exponents.length;
        double[] gradient = new double[levels];
        double[][] hessian = new double[levels][levels];
        for (int row = 0; row < truths.length; row++) {
            addDerivatives(row, exponents, gradient, hessian);
        }
        for (int level = 0; level < levels; level++) {
            gradient[level] = gradient[level] / truths.length + RIDGE * exponents[level];
            for (int other = 0; other < levels; other++) {
                hessian[level][other] /= truths.length;
            }
            hessian[level][level] += RIDGE;
        }
        for (int level = 0; level < levels; level++) {
            if (exponents[level] <= NEAR_BOUND && gradient[level] > 0) {
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

    private void addDerivatives(int row, double[] exponents, double[] gradient, double[][] hessian) {
        int levels = exponents.length;
        score(row, exponents);
        double greatest = Arrays.stream(scores).max().orElseThrow();
        double total = 0;
        double[] mean = new double[levels];
        double[][] products = new double[levels][levels];
        for (int label = 0; label < scores.length; label++) {
            double weight = Math.exp(scores[label] - greatest);
            total += weight;
            for (int level = 0; level < levels; level++) {
                double share = share(level, label);
                mean[level] += weight * share;
                for (int other = 0; other <= level; other++) {
                    products[level][other] += weight * share * share(other, label);
                }
            }
        }
        for (int level = 0; level < levels; level++) {
            gradient[level] += mean[level] / total - share(level, truths[row]);
            for (int other = 0; other <= level; other++) {
                double covariance = products[level][other] / total - mean[level] / total * (mean[other] / total);
                hessian[level][other] += covariance;
                hessian[other][level] = hessian[level][other];
            }
        }
    }

    /** Of the row that was scored last. */
    private double share(int level, int label) {
        return ofRow[level][classOfLabel.get(level)[label]];
    }

    private void score(int row, double[] exponents) {
        for (int level = 0; level < ofRow.length; level++) {
            for (int i = 0; i < ofRow[level].length; i++) {
                ofRow[level][i] = shares[level][i][row];
            }
        }
        for (int label = 0; label < scores.length; label++) {
            scores[label] = 0;
            for (int level = 0; level < exponents.length; level++) {
                scores[label] += exponents[level] * share(level, label);
            }
        }
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
