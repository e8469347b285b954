package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.training.EpochResult;
import io.aisle.training.Progress;
import io.aisle.training.ProgressListener;

/** Tells the user how far the training is: a line every few seconds, and one an epoch. */
record TrainingLines(JobContext context) implements ProgressListener {
    @Override
    public void progressed(Progress progress) {
        context.say(
                "  epoch %d of %d, step %d of %d, loss %.3f, %.0f rows/s, about %.0f s left",
                progress.epoch(),
                progress.epochs(),
                progress.step(),
                progress.steps(),
                progress.loss(),
                progress.rowsPerSecond(),
                progress.remainingSeconds());
    }

    @Override
    public void epochEnded(EpochResult result) {
        context.say(
                "epoch %d: train loss %.3f, validation loss %.3f, accuracy %.4f, macro F1 %.4f (%.0f s)",
                result.epoch(),
                result.trainLoss(),
                result.validationLoss(),
                result.accuracy(),
                result.macroF1(),
                result.seconds());
    }
}
