package io.aisle.training;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertWeights;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How far each weight moves at each step: a linear warm-up and a linear decay, the same for all, times a rate for each weight.
 *
 * @param highest the rate of the head at the end of the warm-up
 * @param embeddings the same for the word embeddings. A word that is rare gets few steps, so that an encoder that starts from
 *     random weights wants a higher rate here; one that was pre-trained wants the same as elsewhere
 * @param layerDecay each layer has this share of the rate of the one above it, the top one this share of the head's, and the embeddings of
 *     the lowest layer's (Howard and Ruder 2018, section 3.2; Clark et al. 2020, appendix B); above 0, and 1 makes all equal
 * @param warmupShare share of all steps in which the rate rises from 0, at least 0 and under 1
 */
public record LearningRates(double highest, double embeddings, double layerDecay, double warmupShare)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public LearningRates {
        List<String> problems = new ArrayList<>();
        TrainingPlan.require(problems, TrainingPlan.isPositive(highest), "learning rate", highest, "a number above 0");
        TrainingPlan.require(
                problems,
                TrainingPlan.isPositive(embeddings),
                "embedding learning rate",
                embeddings,
                "a number above 0");
        TrainingPlan.require(
                problems, layerDecay > 0 && layerDecay <= 1, "layer decay", layerDecay, "above 0, at most 1");
        TrainingPlan.require(
                problems, TrainingPlan.isShare(warmupShare), "warm-up share", warmupShare, "at least 0 and under 1");
        TrainingPlan.refuse(problems);
    }

    /** The share of its highest rate that every weight has in a step. {@code step} counts from 0 to {@code steps} - 1 over all epochs. */
    double share(int step, int steps) {
        double warmupSteps = Math.floor(warmupShare * steps);
        if (step < warmupSteps) {
            return (step + 1) / warmupSteps;
        }
        return (steps - step) / (steps - warmupSteps);
    }

    /** The highest rate of the weight of that name. */
    double of(String name, DistilBertConfig config) {
        double rate = name.equals(DistilBertWeights.WORD_EMBEDDINGS) ? embeddings : highest;
        return rate * Math.pow(layerDecay, WeightNames.depth(name, config.layers()));
    }
}
