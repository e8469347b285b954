package io.aisle.batch.linear;

/**
 * The sigmoid σ(slope · m + offset) that says how probable it is that a margin m is one of the class: least negative log-likelihood over
 * margins, with targets a little inside 0 and 1 (Platt 1999, "Probabilistic outputs for support vector machines", section 2.2), by Newton's
 * method with halved steps (Lin, Lin and Weng 2007, "A note on Platt's probabilistic outputs for support vector machines", algorithm 1).
 *
 * @param slope 0 or more: a greater margin is never less probable
 */
record PlattScaling(double slope, double offset) {
    private static final int MAX_STEPS = 100;
    private static final double ENOUGH = 1e-10;
    private static final double RIDGE = 1e-12;

    /**
     * Fits the margins of many classes at once.
     *
     * @param margins [classes][rows]; null for a class that is left out
     * @param classOfRow the class of each row
     */
    static PlattScaling fit(float[][] margins, int[] classOfRow) {
        Margins all = new Margins(margins, classOfRow);
        PlattScaling best = new PlattScaling(1, 0);
        double loss = all.loss(best);
        for (int step = 0; step < MAX_STEPS; step++) {
            PlattScaling direction = all.newtonStep(best);
            PlattScaling next = best;
            double nextLoss = loss;
            for (double share = 1; share > ENOUGH && !(nextLoss < loss); share /= 2) {
                next = new PlattScaling(
                        Math.max(0, best.slope - share * direction.slope), best.offset - share * direction.offset);
                nextLoss = all.loss(next);
            }
            if (!(nextLoss < loss - ENOUGH)) {
                break;
            }
            best = next;
            loss = nextLoss;
        }
        return best;
    }

    /** log(1 + exp(x)), exact where exp would overflow. */
    private static double softplus(double x) {
        return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    }

    private static final class Margins {
        private final float[][] margins;
        private final int[] classOfRow;
        private final double ofClass;
        private final double ofOthers;
        private long count;

        Margins(float[][] margins, int[] classOfRow) {
            this.margins = margins;
            this.classOfRow = classOfRow;
            long positives = 0;
            for (int number = 0; number < margins.length; number++) {
                for (int row = 0; margins[number] != null && row < classOfRow.length; row++) {
                    positives += classOfRow[row] == number ? 1 : 0;
                    count++;
                }
            }
            ofClass = (positives + 1.0) / (positives + 2.0);
            ofOthers = 1.0 / (count - positives + 2.0);
        }

        /** Mean negative log-likelihood, natural log. */
        double loss(PlattScaling sigmoid) {
            double loss = 0;
            for (int number = 0; number < margins.length; number++) {
                for (int row = 0; margins[number] != null && row < classOfRow.length; row++) {
                    double x = sigmoid.slope * margins[number][row] + sigmoid.offset;
                    loss += softplus(x) - target(number, row) * x;
                }
            }
            return loss / count;
        }

        /** Inverse Hessian times gradient. */
        PlattScaling newtonStep(PlattScaling sigmoid) {
            double bySlope = 0;
            double byOffset = 0;
            double slopeSlope = RIDGE;
            double slopeOffset = 0;
            double offsetOffset = RIDGE;
            for (int number = 0; number < margins.length; number++) {
                for (int row = 0; margins[number] != null && row < classOfRow.length; row++) {
                    double margin = margins[number][row];
                    double probability = 1 / (1 + Math.exp(-sigmoid.slope * margin - sigmoid.offset));
                    double error = probability - target(number, row);
                    double weight = probability * (1 - probability);
                    bySlope += error * margin;
                    byOffset += error;
                    slopeSlope += weight * margin * margin;
                    slopeOffset += weight * margin;
                    offsetOffset += weight;
                }
            }
            double determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
            return new PlattScaling(
                    (offsetOffset * bySlope - slopeOffset * byOffset) / determinant,
                    (slopeSlope * byOffset - slopeOffset * bySlope) / determinant);
        }

        private double target(int number, int row) {
            return classOfRow[row] == number ? ofClass : ofOthers;
        }
    }
}
