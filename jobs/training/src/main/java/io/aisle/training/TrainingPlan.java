package io.aisle.training;

import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.List;

/**
 * How an encoder and its classifier are trained, by AdamW (Loshchilov and Hutter 2019) with a linear warm-up and a linear decay.
 *
 * @param epochs passes over the training rows, at least 1
 * @param batchSize rows a step, at least 1
 * @param learningRate the highest rate, at the end of the warm-up
 * @param embeddingLearningRate the same for the word embeddings. A word that is rare gets few steps, so that an encoder that starts
 *     from random weights wants a higher rate here; one that was pre-trained wants the same as elsewhere
 * @param warmupShare share of all steps in which the rate rises from 0, at least 0 and under 1
 * @param weightDecay decoupled decay, times the rate at each step; never of biases and LayerNorms
 * @param dropout probability that a value is dropped, at least 0 and under 1
 * @param labelSmoothing share of the target that is spread evenly over all classes (Szegedy et al. 2016, section 7), under 1
 * @param maxGradientNorm the gradient of all weights together is scaled down to this Euclidean norm, greater than 0
 * @param patience epochs without a better validation macro F1 before training stops, at least 1
 * @param seed for the order of rows and for dropout
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        double learningRate,
        double embeddingLearningRate,
        double warmupShare,
        double weightDecay,
        double dropout,
        double labelSmoothing,
        double maxGradientNorm,
        int patience,
        long seed) {
    public TrainingPlan {
        List<String> problems = new ArrayList<>();
        require(problems, epochs >= 1, "epochs", epochs, "at least 1");
        require(problems, batchSize >= 1, "batch size", batchSize, "at least 1");
        require(problems, isPositive(learningRate), "learning rate", learningRate, "a number above 0");
        require(
                problems,
                isPositive(embeddingLearningRate),
                "embedding learning rate",
                embeddingLearningRate,
                "a number above 0");
        require(problems, isShare(warmupShare), "warm-up share", warmupShare, "at least 0 and under 1");
        require(
                problems,
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "weight decay",
                weightDecay,
                "a number of at least 0");
        require(problems, isShare(dropout), "dropout", dropout, "at least 0 and under 1");
        require(problems, isShare(labelSmoothing), "label smoothing", labelSmoothing, "at least 0 and under 1");
        require(problems, isPositive(maxGradientNorm), "max gradient norm", maxGradientNorm, "a number above 0");
        require(problems, patience >= 1, "patience", patience, "at least 1");
        if (!problems.isEmpty()) {
            throw new UserException("Cannot train: " + String.join("; ", problems));
        }
    }

    /** The share of the highest rate that a step takes. {@code step} counts from 0 to {@code steps} - 1 over all epochs. */
    double rateShare(int step, int steps) {
        double warmupSteps = Math.floor(warmupShare * steps);
        if (step < warmupSteps) {
            return (step + 1) / warmupSteps;
        }
        return (steps - step) / (steps - warmupSteps);
    }

    private static boolean isPositive(double value) {
        return value > 0 && Double.isFinite(value);
    }

    private static boolean isShare(double value) {
        return value >= 0 && value < 1;
    }

    private static void require(List<String> problems, boolean holds, String name, Object found, String expected) {
        if (!holds) {
            problems.add(name + ": found " + found + ", expected " + expected);
        }
    }
}
