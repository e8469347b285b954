package io.aisle.training.linear;

import java.io.Serializable;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * Fits a linear classifier of one class against all others: least |w|² / 2 + Σ cᵢ max(0, 1 - yᵢ (w·xᵢ + b))², the bias b being the weight
 * of a feature that is always 1 (as in LIBLINEAR: Fan et al. 2008, "LIBLINEAR: a library for large linear classification", equation 2).
 *
 * <p>By dual coordinate descent with shrinking (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM",
 * algorithm 3). Memory: 4 bytes a feature and some 40 a row, beside the rows, which stay in their file.
 *
 * @param c what an error costs; more fits the rows closer
 * @param tolerance how far the greatest and the least projected gradient may be apart at the end
 * @param maxEpochs passes over the rows at most
 */
public record SupportVectors(double c, double tolerance, int maxEpochs) implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final double NOTHING = 1e-12;

    /**
     * Begins to fit a class, with weights of 0.
     *
     * @param used the rows to fit to, in the order in which {@link Fit#to} takes them
     * @param isOfClass of a label
     * @param weightOfLabel what a row of each label counts, above 0
     * @param seed chooses the order in which rows are visited
     */
    public Fit start(SparseRows rows, int[] used, IntPredicate isOfClass, double[] weightOfLabel, long seed) {
        return new Fit(rows, used, isOfClass, weightOfLabel, seed);
    }

    /** What is fitted, as far as it is. For one thread. */
    public final class Fit {
        private final SparseRows.Cursor row;
        private final int[] used;
        private final boolean[] isOfClass;
        /** The diagonal of the dual problem: 1 / 2c. */
        private final double[] diagonal;

        private final double[] squares;
        private final double[] alpha;
        private final float[] weights;
        private double bias;
        private final SplittableRandom random;
        /** Places in {@link #used}: those that are visited come first. */
        private final int[] order;

        private int active;
        private double greatestBefore;
        private double greatest;
        private double least;

        private Fit(SparseRows rows, int[] used, IntPredicate isOfClass, double[] weightOfLabel, long seed) {
            this.row = rows.cursor();
            this.used = used;
            this.isOfClass = new boolean[used.length];
            this.diagonal = new double[used.length];
            this.squares = new double[used.length];
            this.alpha = new double[used.length];
            this.weights = new float[rows.features()];
            this.random = new SplittableRandom(seed);
            this.order = new int[used.length];
            for (int i = 0; i < used.length; i++) {
                int label = rows.label(used[i]);
                this.isOfClass[i] = isOfClass.test(label);
                diagonal[i] = 0.5 / (c * weightOfLabel[label]);
                row.moveTo(used[i]);
                squares[i] = row.squares() + 1 + diagonal[i];
                order[i] = i;
            }
        }

        /**
         * Fits to the first so many rows. What was fitted to fewer before is where it starts, so that some rows more take few passes.
         *
         * @return passes that it took
         */
        public int to(int rows) {
            active = rows;
            greatestBefore = Double.POSITIVE_INFINITY;
            int epoch = 0;
            while (epoch < maxEpochs) {
                epoch++;
                visit();
                if (greatest - least <= tolerance) {
                    if (active == rows) {
                        break;
                    }
                    // those that were set aside have to agree
                    active = rows;
                    greatestBefore = Double.POSITIVE_INFINITY;
                } else {
                    greatestBefore = greatest <= 0 ? Double.POSITIVE_INFINITY : greatest;
                }
            }
            return epoch;
        }

        /** One a feature. */
        public float[] weights() {
            return weights.clone();
        }

        public double bias() {
            return bias;
        }

        /** How far on the class's side of the border the row that a cursor is at lies. */
        public double margin(SparseRows.Cursor row) {
            return row.dot(weights) + bias;
        }

        private void visit() {
            greatest = Double.NEGATIVE_INFINITY;
            least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < active; i++) {
                swap(i, i + random.nextInt(active - i));
            }
            for (int i = 0; i < active; i++) {
                int place = order[i];
                double sign = isOfClass[place] ? 1 : -1;
                row.moveTo(used[place]);
                double gradient = sign * (row.dot(weights) + bias) - 1 + alpha[place] * diagonal[place];
                double projected = gradient;
                if (alpha[place] == 0) {
                    if (gradient > greatestBefore) {
                        active--;
                        swap(i, active);
                        i--;
                        continue;
                    }
                    projected = Math.min(0, gradient);
                }
                greatest = Math.max(greatest, projected);
                least = Math.min(least, projected);
                if (Math.abs(projected) > NOTHING) {
                    double before = alpha[place];
                    alpha[place] = Math.max(0, before - gradient / squares[place]);
                    double change = (alpha[place] - before) * sign;
                    row.addTo(weights, change);
                    bias += change;
                }
            }
        }

        private void swap(int i, int j) {
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
