package io.aisle.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;

/** Learns the labels of rows, and what a teacher says of them. */
final class Classification implements Objective {
    private static final int VALIDATION_BATCH_SIZE = 64;

    private final NDManager manager;
    private final DistilBertNetwork network;
    private final ClassificationLoss plan;
    private final Examples train;
    private final Examples validation;
    private final double[] classWeights;

    /** @param manager of the network, for arrays that a validation makes */
    Classification(
            NDManager manager,
            DistilBertNetwork network,
            ClassificationLoss plan,
            Examples train,
            Examples validation) {
        this.manager = manager;
        this.network = network;
        this.plan = plan;
        this.train = train;
        this.validation = validation;
        this.classWeights = plan.classWeights().of(train.rowsByLabel());
    }

    @Override
    public int[] lengths() {
        return train.lengths();
    }

    @Override
    public Loss loss(NDManager step, int[] rows, long seed) {
        PaddedBatch batch = PaddedBatch.of(train, rows);
        NDArray logits = network.logits(batch.ids(step), batch.mask(step), true);
        NDArray loss = ofLabels(step, logits, rows);
        if (train.hasTeacher()) {
            loss = loss.add(ofTeacher(step, logits, rows));
        }
        return new Loss(loss, batch.distinctIds());
    }

    /** Cross-entropy with smoothed targets, weighted by class; the sum over labelled rows by the number of rows. */
    private NDArray ofLabels(NDManager step, NDArray logits, int[] rows) {
        int labels = train.labelCount();
        double share = train.hasTeacher() ? 1 - plan.teacherShare() : 1;
        float[] targets = new float[rows.length * labels];
        for (int i = 0; i < rows.length; i++) {
            int label = train.label(rows[i]);
            if (label != Examples.UNLABELLED) {
                double weight = share * classWeights[label] / rows.length;
                Arrays.fill(targets, i * labels, (i + 1) * labels, (float) (weight * plan.labelSmoothing() / labels));
                targets[i * labels + label] += (float) (weight * (1 - plan.labelSmoothing()));
            }
        }
        return crossEntropy(step, logits, targets);
    }

    /** T² KL(teacher at T, network at T) but for the teacher's entropy, which no weight changes; the mean over rows. */
    private NDArray ofTeacher(NDManager step, NDArray logits, int[] rows) {
        int labels = train.labelCount();
        double temperature = plan.teacherTemperature();
        float[] targets = new float[rows.length * labels];
        for (int i = 0; i < rows.length; i++) {
            double[] softened = softened(train.teacher(rows[i]), temperature);
            for (int label = 0; label < labels; label++) {
                targets[i * labels + label] =
                        (float) (plan.teacherShare() * temperature * temperature * softened[label] / rows.length);
            }
        }
        return crossEntropy(step, DistilBertNetwork.scaled(logits, (float) (1 / temperature)), targets);
    }

    /** Minus the sum of target times log-probability. */
    private static NDArray crossEntropy(NDManager step, NDArray logits, float[] targets) {
        NDArray weights = step.create(targets, logits.getShape());
        return logits.logSoftmax(-1).mul(weights).sum().neg();
    }

    private static double[] softened(float[] logProbabilities, double temperature) {
        double[] softened = new double[logProbabilities.length];
        double max = Double.NEGATIVE_INFINITY;
        for (float value : logProbabilities) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (int label = 0; label < softened.length; label++) {
            softened[label] = Math.exp((logProbabilities[label] - max) / temperature);
            sum += softened[label];
        }
        for (int label = 0; label < softened.length; label++) {
            softened[label] /= sum;
        }
        return softened;
    }

    @Override
    public Validation validate() {
        ValidationScores scores = ValidationScores.of(validationLogits(), validation.labels());
        return new Validation(scores.loss(), scores.macroF1(), scores.metrics());
    }

    /** [validation rows][labels], in the order of the examples. */
    float[][] validationLogits() {
        float[][] logits = new float[validation.size()][];
        int labels = validation.labelCount();
        for (int[] rows : Batches.byLength(validation.lengths(), VALIDATION_BATCH_SIZE)) {
            try (NDManager batchManager = manager.newSubManager()) {
                PaddedBatch batch = PaddedBatch.of(validation, rows);
                float[] values = network.logits(batch.ids(batchManager), batch.mask(batchManager), false)
                        .toFloatArray();
                for (int i = 0; i < rows.length; i++) {
                    logits[rows[i]] = Arrays.copyOfRange(values, i * labels, (i + 1) * labels);
                }
            }
        }
        return logits;
    }
}
