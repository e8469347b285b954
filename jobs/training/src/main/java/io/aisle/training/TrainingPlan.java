package io.aisle.training;

import io.aisle.core.UserException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How weights are moved, by AdamW (Loshchilov and Hutter 2019).
 *
 * @param epochs passes over the training rows, at least 1
 * @param batchSize rows that go through the network together, at least 1
 * @param accumulation batches whose gradients make one step, at least 1
 * @param unfrozen layers to train, counted from the top, with the head; {@link #ALL} for every weight, 0 for the head alone
 * @param weightDecay decoupled decay, times the rate at each step; never of biases and LayerNorms
 * @param dropout probability that a value is dropped, at least 0 and under 1
 * @param maxGradientNorm the gradient of all weights together is scaled down to this Euclidean norm, greater than 0
 * @param patience epochs without a better validation score before training stops, at least 1
 * @param precision of the multiplications of matrices
 * @param seed for the order of rows and for dropout
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        int accumulation,
        LearningRates rates,
        int unfrozen,
        double weightDecay,
        double dropout,
        double maxGradientNorm,
        int patience,
        Precision precision,
        long seed)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Every layer, and the embeddings too. */
    public static final int ALL = -1;

    public TrainingPlan {
        List<String> problems = new ArrayList<>();
        require(problems, epochs >= 1, "epochs", epochs, "at least 1");
        require(problems, batchSize >= 1, "batch size", batchSize, "at least 1");
        require(problems, accumulation >= 1, "accumulation", accumulation, "at least 1");
        require(problems, unfrozen >= ALL, "unfrozen layers", unfrozen, "at least 0, or all");
        require(
                problems,
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "weight decay",
                weightDecay,
                "a number of at least 0");
        require(problems, isShare(dropout), "dropout", dropout, "at least 0 and under 1");
        require(problems, isPositive(maxGradientNorm), "max gradient norm", maxGradientNorm, "a number above 0");
        require(problems, patience >= 1, "patience", patience, "at least 1");
        refuse(problems);
    }

    static boolean isPositive(double value) {
        return value > 0 && Double.isFinite(value);
    }

    static boolean isShare(double value) {
        return value >= 0 && value < 1;
    }

    static void require(List<String> problems, boolean holds, String name, Object found, String expected) {
        if (!holds) {
            problems.add(name + ": found " + found + ", expected " + expected);
        }
    }

    static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new UserException("Cannot train: " + String.join("; ", problems));
        }
    }
}
