package io.aisle.training.linear;

import java.util.Arrays;
import java.util.List;

/**
 * How much each of several experts counts: the exponents, 0 or more, for which softmax of the labels' scores, the sums of what the experts
 * say of them times their exponents, has the least negative log-likelihood (a product of experts; as a regression, McFadden's conditional
 * logit of 1974). It is convex in them; Newton's method with halved steps finds them in some ten passes. A step that would leave the bound
 * goes along it (Bertsekas 1982, "Projected Newton methods for optimization problems with simple constraints").
 */
public final class ExpertWeights {
    private static final int MAX_STEPS = 100;
    private static final double ENOUGH = 1e-9;
    /** Keeps an expert bounded that is right in every row. */
    private static final double RIDGE = 1e-6;
    /** An expert that is so near to 0, and would go there, moves apart from the others. */
    private static final double NEAR_BOUND = 1e-3;

    private final List<int[]> classOfLabel;
    private final float[][][] shares;
    private final int[] truths;
    private final double[] scores;
    private final float[][] ofRow;

    private ExpertWeights(List<int[]> classOfLabel, float[][][] shares, int[] truths) {
        this.classOfLabel = classOfLabel;
        this.shares = shares;
        this.truths = truths;
        this.scores = new double[classOfLabel.get(0).length];
        this.ofRow = Arrays.stream(shares)
                .map(ofExpert -> new float[ofExpert.length])
                .toArray(float[][]::new);
    }

    /**
     * Fits exponents.
     *
     * @param classOfLabel for each expert, which of its classes each label is in
     * @param shares what each expert says of each class, with an exponent of 1: [experts][classes][rows]
     * @param truths index of each row's label, at least one
     * @return one an expert
     */
    public static double[] fit(List<int[]> classOfLabel, float[][][] shares, int[] truths) {
        return new ExpertWeights(classOfLabel, shares, truths).fit();
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
        for (int expert = 0; expert < moved.length; expert++) {
            moved[expert] = Math.max(0, exponents[expert] - share * direction[expert]);
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

    /** Inverse Hessian times gradient; the inverse is diagonal in the experts that their bound holds. */
    private double[] newtonStep(double[] exponents) {
        int experts = exponents.length;
        double[] gradient = new double[experts];
        double[][] hessian = new double[experts][experts];
        for (int row = 0; row < truths.length; row++) {
            addDerivatives(row, exponents, gradient, hessian);
        }
        for (int expert = 0; expert < experts; expert++) {
            gradient[expert] = gradient[expert] / truths.length + RIDGE * exponents[expert];
            for (int other = 0; other < experts; other++) {
                hessian[expert][other] /= truths.length;
            }
            hessian[expert][expert] += RIDGE;
        }
        for (int expert = 0; expert < experts; expert++) {
            if (exponents[expert] <= NEAR_BOUND && gradient[expert] > 0) {
                for (int other = 0; other < experts; other++) {
                    if (other != expert) {
                        hessian[expert][other] = 0;
                        hessian[other][expert] = 0;
                    }
                }
            }
        }
        return solve(hessian, gradient);
    }

    private void addDerivatives(int row, double[] exponents, double[] gradient, double[][] hessian) {
        int experts = exponents.length;
        score(row, exponents);
        double greatest = Arrays.stream(scores).max().orElseThrow();
        double total = 0;
        double[] mean = new double[experts];
        double[][] products = new double[experts][experts];
        for (int label = 0; label < scores.length; label++) {
            double weight = Math.exp(scores[label] - greatest);
            total += weight;
            for (int expert = 0; expert < experts; expert++) {
                double share = share(expert, label);
                mean[expert] += weight * share;
                for (int other = 0; other <= expert; other++) {
                    products[expert][other] += weight * share * share(other, label);
                }
            }
        }
        for (int expert = 0; expert < experts; expert++) {
            gradient[expert] += mean[expert] / total - share(expert, truths[row]);
            for (int other = 0; other <= expert; other++) {
                double covariance = products[expert][other] / total - mean[expert] / total * (mean[other] / total);
                hessian[expert][other] += covariance;
                hessian[other][expert] = hessian[expert][other];
            }
        }
    }

    /** Of the row that was scored last. */
    private double share(int expert, int label) {
        return ofRow[expert][classOfLabel.get(expert)[label]];
    }

    private void score(int row, double[] exponents) {
        for (int expert = 0; expert < ofRow.length; expert++) {
            for (int i = 0; i < ofRow[expert].length; i++) {
                ofRow[expert][i] = shares[expert][i][row];
            }
        }
        for (int label = 0; label < scores.length; label++) {
            scores[label] = 0;
            for (int expert = 0; expert < exponents.length; expert++) {
                scores[label] += exponents[expert] * share(expert, label);
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
