package io.aisle.training;

/** Plans for tests: what a test does not name is off. */
record Plans(TrainingPlan plan) {
    static final ClassificationLoss PLAIN = new ClassificationLoss(0, ClassWeights.NONE, 1, 0);

    static Plans of(int epochs, int batchSize, double rate, long seed) {
        return new Plans(new TrainingPlan(
                epochs,
                batchSize,
                1,
                new LearningRates(rate, rate, 1, 0.1),
                TrainingPlan.ALL,
                0.01,
                0.1,
                1,
                epochs,
                Precision.FLOAT32,
                seed));
    }

    Plans warmup(double share) {
        LearningRates rates = plan.rates();
        return rates(new LearningRates(rates.highest(), rates.embeddings(), rates.layerDecay(), share));
    }

    Plans rates(LearningRates rates) {
        return with(rates, plan.accumulation(), plan.unfrozen(), plan.weightDecay(), plan.dropout(), plan.patience());
    }

    Plans accumulation(int batches) {
        return with(plan.rates(), batches, plan.unfrozen(), plan.weightDecay(), plan.dropout(), plan.patience());
    }

    Plans unfrozen(int layers) {
        return with(plan.rates(), plan.accumulation(), layers, plan.weightDecay(), plan.dropout(), plan.patience());
    }

    Plans decay(double decay) {
        return with(plan.rates(), plan.accumulation(), plan.unfrozen(), decay, plan.dropout(), plan.patience());
    }

    Plans dropout(double dropout) {
        return with(plan.rates(), plan.accumulation(), plan.unfrozen(), plan.weightDecay(), dropout, plan.patience());
    }

    Plans patience(int epochs) {
        return with(plan.rates(), plan.accumulation(), plan.unfrozen(), plan.weightDecay(), plan.dropout(), epochs);
    }

    Plans precision(Precision precision) {
        return new Plans(new TrainingPlan(
                plan.epochs(),
                plan.batchSize(),
                plan.accumulation(),
                plan.rates(),
                plan.unfrozen(),
                plan.weightDecay(),
                plan.dropout(),
                plan.maxGradientNorm(),
                plan.patience(),
                precision,
                plan.seed()));
    }

    private Plans with(
            LearningRates rates, int accumulation, int unfrozen, double decay, double dropout, int patience) {
        return new Plans(new TrainingPlan(
                plan.epochs(),
                plan.batchSize(),
                accumulation,
                rates,
                unfrozen,
                decay,
                dropout,
                plan.maxGradientNorm(),
                patience,
                plan.precision(),
                plan.seed()));
    }
}
