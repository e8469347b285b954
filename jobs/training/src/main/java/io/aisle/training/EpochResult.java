package io.aisle.training;

/**
 * What one epoch came to.
 *
 * @param epoch from 1
 * @param trainLoss mean cross-entropy a training row, natural log, with dropout and label smoothing as trained
 * @param validationLoss mean cross-entropy a validation row, natural log, without dropout and label smoothing
 * @param accuracy share of validation rows whose highest logit is their label's
 * @param macroF1 mean F1 of the classes that are some validation row's label or prediction; F1 = 2TP / (2TP + FP + FN)
 * @param weightedF1 mean F1 weighted by the class's validation rows
 * @param seconds training and validation together
 */
public record EpochResult(
        int epoch,
        double trainLoss,
        double validationLoss,
        double accuracy,
        double macroF1,
        double weightedF1,
        double seconds) {}
